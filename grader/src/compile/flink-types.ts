/**
 * The declaration files of module "flink": what the compiler checks learners' programs against and what the editor completes from.
 *
 * They are emitted from the engine's own sources, which takes a few seconds, and kept in grader/dist under the hash of those sources.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { cacheDir, engineHash, engineSourceDir, keepBuilt } from "../sandbox/engine-sources.ts";

export interface TypeFile {
  /** Path below the module's root, e.g. "index.d.ts", "operators/windowing/time-window.d.ts". */
  readonly path: string;
  readonly text: string;
}

/** All declaration files that `index.d.ts` leads to. */
export function flinkTypeFiles(): readonly TypeFile[] {
  const file = `types-${engineHash()}.json`;
  const cached = join(cacheDir(), file);
  if (existsSync(cached)) return JSON.parse(readFileSync(cached, "utf8")) as TypeFile[];
  const files = emitDeclarations();
  keepBuilt(file, JSON.stringify(files));
  return files;
}

const FLINK_DOCUMENTATION = "https://nightlies.apache.org/flink/flink-docs-stable/";
/** A page of Flink's documentation in a comment, `(Flink: docs/libs/cep)`: on hover it is a link. */
const DOCUMENTATION_PAGE = /(?<=Flink:\s+(?:\* )?)(docs\/[a-z_/-]+)/g;

function emitDeclarations(): TypeFile[] {
  const root = engineSourceDir();
  const program = ts.createProgram([join(root, "index.ts")], {
    target: ts.ScriptTarget.ES2024,
    lib: ["lib.es2024.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
    skipLibCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    allowImportingTsExtensions: true,
    stripInternal: true,
    outDir: "/types",
    rootDir: root,
  });
  const files: TypeFile[] = [];
  program.emit(undefined, (path, text) => {
    const declarations = text
      .replace(/(["'])(\.{1,2}\/[^"']*)\.ts\1/g, "$1$2$1")
      .replace(DOCUMENTATION_PAGE, `[$1](${FLINK_DOCUMENTATION}$1/)`);
    files.push({ path: relative("/types", path).replaceAll("\\", "/"), text: declarations });
  });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a learner's program has besides the language itself and "flink". */
export const GLOBAL_TYPES = `
/** Goes to the run's console panel. */
declare const console: {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  debug(...values: unknown[]): void;
};
`;
