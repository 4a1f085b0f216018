/** Short forms of declarations, for families in which most functions look alike. */
import { type LogicalType, STRING } from "../../types/logical-type.ts";
import { type Implementation, type LogicalTypeResult, parameters, type ScalarFunction } from "./scalar-function.ts";

export type Example = readonly [sql: string, value: unknown];

export interface Declaration {
  readonly name: string;
  readonly takes: readonly string[];
  readonly gives?: LogicalType | LogicalTypeResult;
  readonly apply: Implementation;
  readonly says: string;
  readonly examples: readonly Example[];
}

/** A function that needs nothing but its arguments' values; text by default. */
export function declare(
  { name, takes, gives = STRING, apply, says, examples }: Declaration,
  more: Partial<ScalarFunction> = {},
): ScalarFunction {
  return {
    name,
    parameters: parameters(...takes),
    result: typeof gives === "function" ? gives : () => gives,
    implement: () => apply,
    description: says,
    examples: examples.map(([sql, value]) => ({ sql, value })),
    ...more,
  };
}
