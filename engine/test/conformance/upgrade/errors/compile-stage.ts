/** The compiler as a stage: what TypeScript says of a few lines that a learner could write. */
import { join, resolve } from "node:path";
import ts from "typescript";

const ENGINE = resolve(import.meta.dirname, "../../../../src/index.ts");
/** A name that stands for the learner's file; it lies in the test's folder, so that the door is found by the usual rules. */
const LEARNER = join(import.meta.dirname, "learner-program.ts");
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2024,
  lib: ["lib.es2024.d.ts"],
  types: [],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  paths: { flink: [ENGINE] },
};

let engine: ts.Program | undefined;

/** The whole text of the first error in the program, null when it compiles. The engine's own files are parsed once. */
export function firstCompileError(source: string): string | null {
  const text = `import { type DataStream, OutputTag } from "flink";\nexport type Used = [DataStream<number>, OutputTag<number>];\n${source}\n`;
  const host = ts.createCompilerHost(OPTIONS);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    resolve(name) === LEARNER ? ts.createSourceFile(name, text, OPTIONS.target ?? ts.ScriptTarget.Latest) : read(name, ...rest);
  const program = ts.createProgram([LEARNER], OPTIONS, host, engine);
  engine = program;
  const [error] = ts.getPreEmitDiagnostics(program, program.getSourceFile(LEARNER));
  return error === undefined ? null : ts.flattenDiagnosticMessageText(error.messageText, "\n");
}
