/** OVER aggregates; rankings with a bound on them are Top-N before it comes to this. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Over } from "../2-analyze/rel.ts";
import { byKeys, INSERTS } from "./build.ts";
import type { OverAggregate, PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { timeAttributeOf } from "./time-attributes.ts";

const BATCH_ONLY: ReadonlySet<string> = new Set(["LEAD", "CUME_DIST", "PERCENT_RANK", "NTILE"]);

export function planOver(planner: Planner, rel: Over): PhysicalNode {
  if (rel.groups.length > 1) {
    throw new SqlError(
      "plan",
      "SQL_OVER_WINDOWS",
      "Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window. please re-check the over window statement.",
      rel.span,
    );
  }
  const [group] = rel.groups;
  if (group.order.length !== 1) throw orderError("The window can only be ordered by a single time column.", rel);
  const [order] = group.order;
  if (order.descending) throw orderError("The window can only be ordered in ASCENDING mode.", rel);
  if (group.following)
    throw new SqlError("plan", "SQL_OVER_FRAME", "OVER RANGE FOLLOWING windows are not supported yet.", rel.span, {
      expected: "BETWEEN … PRECEDING AND CURRENT ROW",
    });
  for (const call of group.calls) {
    if (BATCH_ONLY.has(call.name))
      throw new SqlError("plan", "SQL_OVER_FUNCTION", `${call.name} Function is not supported in stream mode.`, rel.span);
  }
  const plain = planner.plan(rel.input);
  const orderedBy = timeAttributeOf(plain, order.field) ?? "NONTIME";
  if (orderedBy === "NONTIME" && group.frame.preceding !== null)
    throw orderError("Non-time attribute sort is not supported for bounded OVER window.", rel);
  const input = byKeys(plain, group.partition);
  const node: OverAggregate = {
    kind: "OverAggregate",
    input,
    partition: group.partition,
    order: group.order,
    frame: group.frame,
    calls: group.calls,
    orderedBy,
    columns: rel.columns,
    changelog: INSERTS,
  };
  return node;
}

function orderError(message: string, rel: Over): SqlError {
  return new SqlError("plan", "SQL_OVER_ORDER", message, rel.span, { hint: "Order by the column of the WATERMARK or by PROCTIME()." });
}
