/**
 * Type-checks one learner's file. Parsing the language's library and "flink" is most of a cold check, so their syntax trees are kept
 * and every program is built from the one before it; a warm check then costs little more than checking the learner's lines.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { GLOBAL_TYPES, type TypeFile } from "./flink-types.ts";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  // Fields are set in open(), as in Flink.
  strictPropertyInitialization: false,
  noFallthroughCasesInSwitch: true,
  types: [],
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  noEmit: true,
  moduleDetection: ts.ModuleDetectionKind.Force,
};

const JOB_DIR = "/job/";
const FLINK_DIR = "/flink/";
export const SOLUTION = `${JOB_DIR}solution.ts`;
const LIB_DIR = dirname(fileURLToPath(import.meta.resolve("typescript")));

export class TypeChecker {
  readonly #fixed = new Map<string, ts.SourceFile | undefined>();
  readonly #texts = new Map<string, string>();
  readonly #job = new Map<string, ts.SourceFile>();
  #previous: ts.Program | undefined;

  constructor(flink: readonly TypeFile[]) {
    for (const file of flink) this.#texts.set(FLINK_DIR + file.path, file.text);
    this.#texts.set(`${FLINK_DIR}globals.d.ts`, GLOBAL_TYPES);
  }

  /** `files` by name within the job's folder, e.g. "solution.ts", "given.ts". Diagnostics of all of them, in order of position. */
  check(files: Readonly<Record<string, string>>): readonly ts.Diagnostic[] {
    for (const name of [...this.#job.keys()]) if (!Object.hasOwn(files, name.slice(JOB_DIR.length))) this.#job.delete(name);
    for (const [name, text] of Object.entries(files)) {
      const path = JOB_DIR + name;
      if (this.#job.get(path)?.text !== text) this.#job.set(path, ts.createSourceFile(path, text, OPTIONS.target!, true));
    }
    const roots = [...this.#job.keys(), `${FLINK_DIR}globals.d.ts`];
    const program = ts.createProgram({ rootNames: roots, options: OPTIONS, host: this.#host, oldProgram: this.#previous });
    this.#previous = program;
    const found: ts.Diagnostic[] = [];
    for (const file of this.#job.values()) found.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
    return found;
  }

  readonly #host: ts.CompilerHost = {
    getSourceFile: (path) => this.#job.get(path) ?? this.#fixedFile(path),
    getDefaultLibFileName: () => join(LIB_DIR, "lib.es2023.d.ts"),
    getDefaultLibLocation: () => LIB_DIR,
    writeFile: () => undefined,
    getCurrentDirectory: () => JOB_DIR,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (path) => this.#job.has(path) || this.#fixedFile(path) !== undefined,
    readFile: (path) => this.#texts.get(path),
    resolveModuleNameLiterals: (literals, from) => literals.map((literal) => ({ resolvedModule: this.#resolve(literal.text, from) })),
  };

  #resolve(specifier: string, from: string): ts.ResolvedModuleFull | undefined {
    const candidates =
      specifier === "flink"
        ? [`${FLINK_DIR}index.d.ts`]
        : specifier.startsWith(".")
          ? [".d.ts", "/index.d.ts", ".ts"].map((ending) => resolvePath(dirname(from), specifier) + ending)
          : [];
    const path = candidates.find((candidate) => this.#texts.has(candidate) || this.#job.has(candidate));
    if (path === undefined) return undefined;
    return {
      resolvedFileName: path,
      extension: path.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts,
      isExternalLibraryImport: false,
    };
  }

  #fixedFile(path: string): ts.SourceFile | undefined {
    if (this.#fixed.has(path)) return this.#fixed.get(path);
    const inLib = path.startsWith(LIB_DIR) && /[\\/]lib\.[\w.]+\.d\.ts$/.test(path);
    const text = this.#texts.get(path) ?? (inLib ? readFileSync(path, "utf8") : undefined);
    const file = text === undefined ? undefined : ts.createSourceFile(path, text, OPTIONS.target!, true);
    this.#fixed.set(path, file);
    return file;
  }
}

/** Joins with "/" on every platform: these paths exist only here. */
function resolvePath(dir: string, specifier: string): string {
  const parts = dir.split("/");
  for (const step of specifier.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  }
  return parts.join("/");
}
