/** The compiler as a stage: what TypeScript says of a few lines that a learner could write. */
import { join, resolve } from "node:path";
import ts from "typescript";

const ENGINE = resolve(import.meta.dirname, "../../../../src/index.ts");
const HEAD = `import { type DataStream, OutputTag } from "flink";\nexport type Used = [DataStream<number>, OutputTag<number>];\n`;
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

/**
 * The whole text of the first error in each program, null where it compiles. All are checked at once, since the engine's own types are most
 * of the work. The programs are files in name only; they seem to lie beside this one, so that "flink" is found by the usual rules.
 */
export function firstCompileErrors(programs: ReadonlyMap<string, string>): ReadonlyMap<string, string | null> {
  const files = new Map([...programs].map(([id, source]) => [join(import.meta.dirname, `${id}.program.ts`), { id, text: HEAD + source }]));
  const host = ts.createCompilerHost(OPTIONS);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    const file = files.get(resolve(name));
    return file === undefined ? read(name, ...rest) : ts.createSourceFile(name, file.text, ts.ScriptTarget.ES2024);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return new Map(
    [...files].map(([name, { id }]) => {
      const [error] = ts.getPreEmitDiagnostics(program, program.getSourceFile(name));
      return [id, error === undefined ? null : ts.flattenDiagnosticMessageText(error.messageText, "\n")];
    }),
  );
}
