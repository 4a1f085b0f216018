import { UserDefinedFunction } from "./user-defined-function.ts";

/**
 * Values in, one value out, in a method `eval`:
 *
 * ```ts
 * class Substring extends ScalarFunction {
 *   static functionHint = { input: ["STRING", "INT", "INT"], output: "STRING" };
 *   eval(text: string, begin: number, end: number) { return text.substring(begin, end); }
 * }
 * ```
 *
 * NULL comes in as null. (Flink: docs/dev/table/functions/udfs, "Scalar Functions")
 */
export abstract class ScalarFunction extends UserDefinedFunction {
  /** The result for one row. */
  abstract eval(...args: never[]): unknown;
}
