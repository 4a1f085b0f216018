/** Functions of GROUP BY that exist between analysis and planning only: GROUPING and its kin, legacy windows and what belongs to them. */
import { invariant } from "../../base/invariant.ts";
import { BIGINT, type LogicalType, withNullable } from "../../types/logical-type.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import type { ScalarFunction } from "../functions/scalar-function.ts";

/** GROUPING, GROUPING_ID, GROUP_ID as calls of an aggregation; `expand-grouping-sets` makes expressions of them. */
export function groupingFunction(name: string): AggregateFunction {
  return {
    name,
    parameters: [],
    result: () => withNullable(BIGINT, false),
    implement: () => {
      invariant(false, `${name} is planned away`);
    },
    description: "Which of the keys are missing in the row's grouping set.",
    examples: [],
  };
}

/** `$TUMBLE(time, size)` as a grouping key, and `TUMBLE_START(key)` above the aggregation. */
export function groupWindowFunction(name: string, type: LogicalType): ScalarFunction {
  return {
    name,
    parameters: [],
    result: () => type,
    implement: () => {
      invariant(false, `${name} is planned away`);
    },
    operator: true,
    description: "A window of GROUP BY, or one of its properties.",
    examples: [],
  };
}
