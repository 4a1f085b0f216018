/** Calls that Flink's validator takes, and for which its generated code has nothing. Recorded from Flink 2.3. */
import { type LogicalType, typeSummary } from "../../types/logical-type.ts";
import type { Refusal, ScalarFunction } from "./scalar-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

/** What the code generator says of types for which it has no code. */
export function unsupportedCall(name: string, types: readonly LogicalType[]): Refusal {
  return { phase: "plan", message: `Unsupported call: ${name}(${types.map(typeSummary).join(", ")})` };
}

/** The validator takes a BIGINT where the method behind the function wants an `int`: Flink's generated code does not compile, and the job fails as it starts. */
export function withoutLongs(fn: ScalarFunction): ScalarFunction {
  return {
    ...fn,
    keepsLongs: true,
    implement: (shape) => {
      const takesInt = (i: number): boolean => ["integer", "long-or-text"].includes(fn.parameters[i].family);
      if (shape.types.some((type, i) => type.root === "BIGINT" && takesInt(i))) {
        throw new SqlRuntimeError(
          "SQL_NO_METHOD",
          `No applicable constructor/method found for actual parameters of ${fn.name}: it takes an INT, and no BIGINT. Write CAST(… AS INT).`,
        );
      }
      return fn.implement(shape);
    },
  };
}
