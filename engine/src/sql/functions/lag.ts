/**
 * LAG as Flink computes it, an aggregation that keeps as many values as it looks back. Rows that are peers in the order share one result, that of the
 * last of them; with an offset that is computed per row the values that a small one let go do not come back.
 */
import { withNullable } from "../../types/logical-type.ts";
import type { AggregateFunction } from "./aggregate-function.ts";
import { SqlRuntimeError } from "./sql-runtime-error.ts";

interface LagState {
  values: unknown[];
  offset: number;
  otherwise: unknown;
}

export const LAG: AggregateFunction = {
  name: "LAG",
  parameters: ["any", "integer?", "any?"],
  result: ([type]) => withNullable(type, true),
  nullAware: true,
  implement: () => ({
    create: (): LagState => ({ values: [], offset: 1, otherwise: null }),
    add: (state, value, offset, ...more) => {
      const lag = state as LagState;
      if (offset !== undefined) lag.offset = checkedOffset(offset as number | null);
      if (more.length > 0) [lag.otherwise] = more;
      lag.values.push(value);
      if (lag.values.length > lag.offset + 1) lag.values.splice(0, lag.values.length - lag.offset - 1);
      return lag;
    },
    retract: (state) => state,
    merge: (into) => into,
    result: (state) => {
      const { values, offset, otherwise } = state as LagState;
      return values.length > offset ? values[0] : otherwise;
    },
  }),
  description: "The value n rows before.",
  examples: [],
};

function checkedOffset(offset: number | null): number {
  if (offset === null)
    throw new SqlRuntimeError("SQL_LAG_OFFSET", 'The offset of LAG is NULL: Cannot invoke "java.lang.Integer.intValue()".');
  if (offset < 0) throw new SqlRuntimeError("SQL_LAG_OFFSET", `Offset(${offset}) should be positive.`);
  return offset;
}
