/** Classes that CREATE FUNCTION may name without anybody having brought them: functions of published benchmarks, in TypeScript. */
import { utf8Encode } from "../functions/utf8.ts";
import type { FunctionClasses } from "./function-signature.ts";
import { ScalarFunction } from "./scalar-function.ts";

/** Nexmark's (q14): bytes of the text that are the first byte of the character. */
class CountChar extends ScalarFunction {
  static functionHint = { input: ["STRING", "STRING"], output: "BIGINT NOT NULL" };

  eval(text: string | null, character: string): number {
    if (text === null) return 0;
    const [wanted] = utf8Encode(character);
    let count = 0;
    for (const byte of utf8Encode(text)) if (byte === wanted) count++;
    return count;
  }
}

export const KNOWN_CLASSES: FunctionClasses = new Map([["com.github.nexmark.flink.udf.CountChar", CountChar]]);
