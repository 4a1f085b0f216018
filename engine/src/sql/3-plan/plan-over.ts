/** OVER aggregates; rankings with a filter on them are planned as Top-N before it comes to this. */
import { SqlError } from "../1-parse/sql-error.ts";
import { constantValue, isConstant } from "../2-analyze/constant.ts";
import type { AggregateCall, Over, OverCall } from "../2-analyze/rel.ts";
import { OverAggregateOperator, type OverOutput } from "../5-execute/operators/over-aggregate.ts";
import { INSERT_ONLY, isInsertOnly, type PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";

const BATCH_ONLY = ["LEAD", "CUME_DIST", "PERCENT_RANK", "NTILE"];

export function planOver(planner: Planner, rel: Over): PhysicalNode {
  for (const call of rel.calls) {
    if (BATCH_ONLY.includes(call.name))
      throw new SqlError("plan", "SQL_OVER_FUNCTION", `${call.name} Function is not supported in stream mode.`, rel.span);
    if (call.name === "RANK" || call.name === "DENSE_RANK") {
      throw new SqlError("plan", "SQL_OVER_FUNCTION", `${call.name}() OVER without a Top-N filter is not available.`, rel.span, {
        expected: "ROW_NUMBER()",
      });
    }
  }
  if (rel.order.length !== 1)
    throw new SqlError("plan", "SQL_OVER_ORDER", "The window can only be ordered by a single time column.", rel.span);
  const [order] = rel.order;
  const time = rel.input.columns[order.field].type.timeAttribute;
  if (time === undefined) {
    throw new SqlError("plan", "SQL_OVER_ORDER", "OVER windows' ordering in stream mode must be defined on a time attribute.", rel.span, {
      hint: "Order by the column of the WATERMARK or by PROCTIME().",
    });
  }
  if (order.descending) throw new SqlError("plan", "SQL_OVER_ORDER", "The window can only be ordered in ASCENDING mode.", rel.span);
  const input = planner.plan(rel.input);
  if (!isInsertOnly(input.changelog)) {
    throw new SqlError(
      "plan",
      "SQL_UPDATES_NOT_SUPPORTED",
      `OverAggregate doesn't support consuming update and delete changes which is produced by node ${input.name}(${input.detail}).`,
      rel.span,
    );
  }
  const aggregates = rel.calls.filter((call) => call.fn !== null);
  const calls = aggregates.map(
    (call): AggregateCall => ({ fn: call.fn!, args: call.args, distinct: call.distinct, filter: -1, type: call.type }),
  );
  const types = rel.input.columns.map((column) => column.type);
  const outputs = rel.calls.map((call): OverOutput => {
    if (call.fn !== null) return { kind: "aggregate", index: aggregates.indexOf(call) };
    if (call.name === "ROW_NUMBER") return { kind: "rowNumber" };
    return lagOf(rel, call);
  });
  const { session } = planner;
  return {
    name: "OverAggregate",
    detail: `partitionBy=[${rel.partition.map((field) => rel.input.columns[field].name).join(", ")}], orderBy=[${rel.input.columns[order.field].name} ASC]`,
    columns: rel.columns,
    changelog: INSERT_ONLY,
    upsertKey: null,
    body: {
      kind: "one",
      input,
      distribution: rel.partition.length === 0 ? { kind: "single" } : { kind: "hash", keys: rel.partition },
      create: () =>
        new OverAggregateOperator(session, {
          timeField: time === "ROWTIME" ? order.field : -1,
          frame: rel.frame,
          calls,
          types,
          outputs,
        }),
    },
  };
}

function lagOf(rel: Over, call: OverCall): OverOutput {
  const constant = (argument: number): unknown => {
    const project = rel.input;
    const expr = project.kind === "project" ? project.exprs[call.args[argument]] : null;
    if (expr === null || !isConstant(expr)) throw new SqlError("plan", "SQL_LAG", "LAG wants constants as offset and default.", rel.span);
    return constantValue(expr);
  };
  const offset = call.args.length > 1 ? Number(constant(1)) : 1;
  return { kind: "lag", field: call.args[0], offset, otherwise: call.args.length > 2 ? constant(2) : null };
}
