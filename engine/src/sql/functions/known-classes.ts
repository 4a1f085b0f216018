/** Classes that CREATE FUNCTION may name without anybody having brought them: functions of published benchmarks, in TypeScript. */
import { BIGINT, withNullable } from "../../types/logical-type.ts";
import { parameters, type ScalarFunction } from "./scalar-function.ts";
import { utf8Encode } from "./utf8.ts";

/** Nexmark's `CountChar`: bytes of the text that are the first byte of the character. */
const COUNT_CHAR: ScalarFunction = {
  name: "COUNT_CHAR",
  parameters: parameters("string", "string"),
  result: () => withNullable(BIGINT, false),
  nullAware: true,
  implement: () => (text: string | null, character: string) => {
    if (text === null) return 0;
    const [wanted] = utf8Encode(character);
    let count = 0;
    for (const byte of utf8Encode(text)) if (byte === wanted) count++;
    return count;
  },
  description: "How often a character is in a text (Nexmark q14).",
  examples: [],
};

export const KNOWN_CLASSES: ReadonlyMap<string, ScalarFunction> = new Map([["com.github.nexmark.flink.udf.CountChar", COUNT_CHAR]]);
