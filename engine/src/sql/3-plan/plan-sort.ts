/** ORDER BY and LIMIT on a stream: by event time it is a sort up to the watermark, with LIMIT a Top-N, otherwise it is refused. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Sort } from "../2-analyze/rel.ts";
import { LimitOperator } from "../5-execute/operators/limit-operator.ts";
import { TemporalSortOperator } from "../5-execute/operators/temporal-sort.ts";
import { TopNOperator } from "../5-execute/operators/top-n.ts";
import { ALL_CHANGES, INSERT_ONLY, isInsertOnly, type PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";

export function planSort(planner: Planner, rel: Sort): PhysicalNode {
  const input = planner.plan(rel.input);
  const { session } = planner;
  const { keys, offset, fetch } = rel;
  const base = { detail: `orderBy=[${keys.map((key) => rel.columns[key.field].name).join(", ")}]`, columns: rel.columns, upsertKey: null };
  const append = isInsertOnly(input.changelog);
  if (fetch !== null) {
    const start = offset + 1;
    const end = offset + fetch;
    if (keys.length === 0 && append) {
      return {
        ...base,
        name: "Limit",
        changelog: INSERT_ONLY,
        body: { kind: "one", input, distribution: { kind: "single" }, create: () => new LimitOperator(session, start, end) },
      };
    }
    const options = { order: keys, start, end, outputRank: false, retract: !append, updateKey: null };
    return {
      ...base,
      name: "SortLimit",
      changelog: ALL_CHANGES,
      body: { kind: "one", input, distribution: { kind: "single" }, create: () => new TopNOperator(session, options) },
    };
  }
  const first = keys.length === 0 ? undefined : rel.columns[keys[0].field].type.timeAttribute;
  if (first === undefined || keys[0].descending || !append || offset > 0) {
    throw new SqlError("plan", "SQL_SORT", "Sort on a non-time-attribute field is not supported.", rel.span, {
      expected: "ORDER BY a time attribute ascending, or a LIMIT",
    });
  }
  return {
    ...base,
    name: "TemporalSort",
    changelog: INSERT_ONLY,
    body: {
      kind: "one",
      input,
      distribution: { kind: "single" },
      create: () => new TemporalSortOperator(session, keys, first === "ROWTIME"),
    },
  };
}
