/** UNION ALL forwards; UNION is a DISTINCT over it; INTERSECT and EXCEPT keep counts per row. */
import type { SetOperation } from "../2-analyze/rel.ts";
import { ALL_CHANGES, type PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { planAggregate } from "./plan-aggregate.ts";
import { SetOperationOperator } from "../5-execute/operators/set-operation.ts";

export function planSetOperation(planner: Planner, rel: SetOperation): PhysicalNode {
  if (rel.kind === "union" && rel.all) return planUnion(planner, rel);
  const keys = rel.columns.map((_, i) => i);
  if (rel.kind === "union") {
    const all: SetOperation = { ...rel, all: true };
    return planAggregate(planner, {
      kind: "aggregate",
      input: all,
      keys,
      calls: [],
      groupWindow: null,
      columns: rel.columns,
      span: { start: 0, end: 0 },
    });
  }
  const [left, right] = rel.inputs.map((input) => planner.plan(input));
  const { kind, all } = rel;
  const onlyInserts =
    kind === "intersect" && !left.changelog.updates && !left.changelog.deletes && !right.changelog.updates && !right.changelog.deletes;
  return {
    name: kind === "intersect" ? "Intersect" : "Except",
    detail: "",
    columns: rel.columns,
    changelog: onlyInserts ? { updates: false, deletes: false } : ALL_CHANGES,
    upsertKey: all ? null : keys,
    body: {
      kind: "two",
      left,
      right,
      distributions: [
        { kind: "hash", keys },
        { kind: "hash", keys },
      ],
      create: () => new SetOperationOperator(planner.session, kind === "intersect" ? "intersect" : "except", all),
    },
  };
}

function planUnion(planner: Planner, rel: SetOperation): PhysicalNode {
  const inputs = rel.inputs.map((input) => planner.plan(input));
  return {
    name: "Union",
    detail: `all=[true], union=[${rel.columns.map((column) => column.name).join(", ")}]`,
    columns: rel.columns,
    changelog: { updates: inputs.some((input) => input.changelog.updates), deletes: inputs.some((input) => input.changelog.deletes) },
    upsertKey: null,
    body: { kind: "union", inputs },
  };
}
