/**
 * millrace sql check FILE… [--parse-only] [--set NAME=VALUE]…: what is wrong with SQL scripts, as JSON lines, for editors and scripts. `-` is standard input. The files are
 * one session: tables and views of one are known in the next.
 *
 * Whether a text is accepted is the parser's matter alone as long as nothing says which tables there are: without CREATE TABLE or CREATE VIEW in the files, and with
 * `--parse-only`, nothing more is looked at.
 */
import { readFileSync } from "node:fs";
import type { DiagnosticData } from "@millrace/engine";
import { parseScript, SqlSession, sqlDiagnostic } from "@millrace/engine/sql";
import { type FunctionClasses, functionClassesOf } from "./function-classes.ts";
import { readText } from "./job-context.ts";
import { setVariables } from "./script-variables.ts";

export interface SqlCheckArguments {
  readonly files: readonly string[];
  /** `NAME=VALUE`; a name that is not given stays as it stands. */
  readonly variables: readonly string[];
  readonly parseOnly: boolean;
  /** As for `millrace sql`. */
  readonly functions?: string | null;
}

/** One line of the output; lines and columns from 1, ends exclusive. */
export interface SqlCheckLine {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly code: string;
  readonly phase: DiagnosticData["phase"];
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
  readonly hint?: string;
}

interface Script {
  readonly file: string;
  readonly text: string;
}

/** Statements that say what tables there are. */
const DECLARATIONS = new Set(["createTable", "createMaterializedTable", "createView"]);

/** Prints a line for each mistake; answers 1 if there is one, else 0. */
export async function sqlCheckCommand({ files, variables, parseOnly, functions = null }: SqlCheckArguments): Promise<number> {
  const scripts = files.map((path): Script => {
    const text = path === "-" ? readFileSync(0, "utf8") : readText(path);
    return { file: path, text: setVariables(text, variables) };
  });
  const { classes, diagnostics } = await functionClassesOf(files, functions);
  const own = diagnostics.map((diagnostic) => lineOf(diagnostic.file ?? "", diagnostic));
  const lines = [...own, ...checkScripts(scripts, parseOnly, classes)];
  for (const line of lines) console.log(JSON.stringify(line));
  return lines.length === 0 ? 0 : 1;
}

export function checkScripts(scripts: readonly Script[], parseOnly: boolean, functionClasses?: FunctionClasses): readonly SqlCheckLine[] {
  const parsed = scripts.map((script) => ({ ...script, ...parseScript(script.text) }));
  const declared = parsed.some(({ statements }) => statements.some(({ kind }) => DECLARATIONS.has(kind)));
  const session =
    declared && !parseOnly ? new SqlSession({ topics: null, captures: false, recordsPerWatermark: null, functionClasses }) : null;
  return parsed.flatMap(({ file, text, statements, errors }) => {
    const diagnostics = errors.map((error) => error.toDiagnostic(text));
    for (const statement of session === null ? [] : statements) {
      try {
        session?.execute(statement);
      } catch (error) {
        const diagnostic = sqlDiagnostic(error, text, undefined);
        // What cannot be carried out here may be right all the same.
        if (diagnostic.code !== "SQL_UNSUPPORTED_STATEMENT") diagnostics.push(diagnostic);
      }
    }
    return diagnostics.map((diagnostic) => lineOf(file, diagnostic)).sort(byPlace);
  });
}

function lineOf(file: string, { code, phase, message, span, found, expected, hint }: DiagnosticData): SqlCheckLine {
  return { file, ...span, code, phase, message, found, expected, hint };
}

function byPlace(a: SqlCheckLine, b: SqlCheckLine): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
