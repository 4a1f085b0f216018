/** TypeScript → CommonJS that the guest evaluates as a function of (require, module, exports), with the map back to the source. */
import { transform } from "esbuild";
import type { DiagnosticData } from "@millrace/engine";

export interface Script {
  readonly script: string;
  /** `mappings` of the source map. */
  readonly mappings: string;
}

export type ScriptResult = Script | { readonly diagnostics: readonly DiagnosticData[] };

export async function toScript(file: string, text: string): Promise<ScriptResult> {
  try {
    const result = await transform(text, {
      loader: "ts",
      format: "cjs",
      target: "es2024",
      sourcemap: "external",
      sourcesContent: false,
      sourcefile: file,
      logLevel: "silent",
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    });
    return { script: result.code, mappings: (JSON.parse(result.map) as { mappings: string }).mappings };
  } catch (error) {
    const errors = (error as { errors?: EsbuildMessage[] }).errors;
    if (errors === undefined) throw error;
    return { diagnostics: errors.map((message) => diagnosticOf(file, message)) };
  }
}

interface EsbuildMessage {
  readonly text: string;
  readonly location: { readonly line: number; readonly column: number; readonly length: number } | null;
}

function diagnosticOf(file: string, message: EsbuildMessage): DiagnosticData {
  const at = message.location;
  const span = at === null ? undefined : { line: at.line, column: at.column + 1, endLine: at.line, endColumn: at.column + 1 + at.length };
  return { code: "COMPILE_SYNTAX_ERROR", message: `${message.text}.`, phase: "compile", file, ...(span === undefined ? {} : { span }) };
}
