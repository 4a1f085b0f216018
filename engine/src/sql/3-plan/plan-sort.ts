/** ORDER BY and LIMIT on a stream: by time it is a sort up to the watermark, with LIMIT a Top-N, otherwise it is refused. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Sort } from "../2-analyze/rel.ts";
import { exchange, INSERTS } from "./build.ts";
import type { PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { timeAttributeOf } from "./time-attributes.ts";

export function planSort(planner: Planner, rel: Sort): PhysicalNode {
  const { keys, offset, fetch } = rel;
  if (fetch === 0) return { kind: "Values", rows: [], columns: rel.columns, changelog: INSERTS };
  if (fetch === null && keys.length === 0) {
    throw new SqlError("plan", "SQL_LIMIT", "FETCH is missed, which on streaming table is not supported currently.", rel.span, {
      hint: "Write a LIMIT with the OFFSET.",
    });
  }
  const plain = planner.plan(rel.input);
  const first = keys.length === 0 ? undefined : timeAttributeOf(plain, keys[0].field);
  if (fetch === null && (first === undefined || keys[0].descending)) {
    throw new SqlError("plan", "SQL_SORT", "Sort on a non-time-attribute field is not supported.", rel.span, {
      expected: "ORDER BY a time attribute ascending, or a LIMIT",
    });
  }
  const input = exchange(plain, { kind: "single" });
  const base = { input, columns: rel.columns, changelog: INSERTS } as const;
  if (fetch === null) return { kind: "TemporalSort", ...base, order: keys, timeAttribute: first! };
  if (keys.length === 0) return { kind: "Limit", ...base, offset, fetch };
  return { kind: "SortLimit", ...base, order: keys, offset, fetch, strategy: { kind: "AppendFast" } };
}
