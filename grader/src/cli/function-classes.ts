/**
 * Classes of the functions that scripts on the command line name: exports of a TypeScript module beside them. It is the user's own and runs in this process,
 * like the script; submissions of others go through the sandbox.
 */
import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import * as engine from "@millrace/engine";
import type { DiagnosticData } from "@millrace/engine";
import type { SqlProgramOptions } from "@millrace/engine/sql";
import { toScript } from "../compile/script.ts";
import { LearnerModule } from "../guest/learner-module.ts";
import { functionsFileOf } from "../pack/load-submissions.ts";
import { readText } from "./job-context.ts";

export type FunctionClasses = Extract<NonNullable<SqlProgramOptions["functions"]>, ReadonlyMap<string, unknown>>;

export interface LoadedClasses {
  readonly classes: FunctionClasses;
  readonly diagnostics: readonly DiagnosticData[];
}

/** @param module file named by --functions; null = `<script>.functions.ts` of each script that has one. */
export async function functionClassesOf(scripts: readonly string[], module: string | null): Promise<LoadedClasses> {
  const beside = scripts.filter((script) => script.endsWith(".sql")).map(functionsFileOf);
  const files = module === null ? beside.filter((file) => existsSync(file) && statSync(file).isFile()) : [module];
  const classes = new Map<string, unknown>();
  for (const path of files) {
    const file = basename(path);
    const compiled = await toScript(file, readText(path));
    if (!("script" in compiled)) return { classes: new Map(), diagnostics: compiled.diagnostics };
    const exported = new LearnerModule(file, compiled, {}, engine).evaluate();
    for (const [name, value] of Object.entries(exported)) if (typeof value === "function") classes.set(name, value);
  }
  return { classes: classes as unknown as FunctionClasses, diagnostics: [] };
}
