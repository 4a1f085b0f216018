/**
 * How the columns of a row change as the row is updated (Flink: `FlinkRelMdModifiedMonotonicity`). Rows that never change have nothing but constant columns; a count only grows,
 * a maximum too, a minimum shrinks; so does what a Top-N is ordered by, seen at one rank. Known columns let a Top-N forget what it does not show, and MAX what it has left behind.
 */
import type { AggregateCall } from "../../2-analyze/rel.ts";
import { inputsOf, isDeterministic, type Rex } from "../../2-analyze/rex.ts";
import type { PhysicalNode } from "../physical.ts";
import { columnInterval } from "./column-interval.ts";
import type { ModifyKindsOf } from "./modify-kinds.ts";

/** null = nothing can be said. */
export type Monotonicity = "constant" | "growing" | "shrinking" | null;

type GroupAggregate = Extract<PhysicalNode, { kind: "GroupAggregate" }>;

/** Whether an update cannot move a row backwards in this order. */
export function movesForwardOnly(monotonicity: Monotonicity, descending: boolean): boolean {
  return monotonicity === "constant" || monotonicity === (descending ? "growing" : "shrinking");
}

/** By column; null = rows go, or nothing can be said. */
export function monotonicitiesOf(node: PhysicalNode, kinds: ModifyKindsOf): readonly Monotonicity[] | null {
  const own = kinds.get(node);
  if (own !== undefined && !own.update && !own.delete) return node.columns.map(() => "constant");
  switch (node.kind) {
    case "Exchange":
    case "WatermarkAssigner":
    case "MiniBatchAssigner":
      return monotonicitiesOf(node.input, kinds);
    case "Calc": {
      const below = monotonicitiesOf(node.input, kinds);
      // A condition on what changes lets rows go.
      if (below === null || (node.condition !== null && [...inputsOf(node.condition)].some((field) => below[field] !== "constant")))
        return null;
      return node.projection.map((rex) => (rex.kind === "input" ? below[rex.index] : isConstant(rex, below) ? "constant" : null));
    }
    case "Join": {
      if (node.joinType !== "inner") return null;
      const [left, right] = [monotonicitiesOf(node.left, kinds), monotonicitiesOf(node.right, kinds)];
      return left === null || right === null ? null : [...left, ...right];
    }
    case "GroupAggregate":
      return aggregateMonotonicities(node, kinds);
    case "Rank":
      return ofRank(node, kinds);
    default:
      return null;
  }
}

function isConstant(rex: Rex, below: readonly Monotonicity[]): boolean {
  return isDeterministic(rex) && [...inputsOf(rex)].every((field) => below[field] === "constant");
}

/** Of the groups' keys and results, whichever half of an aggregation it is. */
export function aggregateMonotonicities(node: GroupAggregate, kinds: ModifyKindsOf): readonly Monotonicity[] | null {
  const { input, keys, calls } = firstHalfOf(node);
  const below = monotonicitiesOf(input, kinds);
  if (below === null || keys.some((key) => below[key] !== "constant")) return null;
  const changes = calls.map((call): Monotonicity => {
    const own = ofCall(call, input);
    const argument = call.args.length === 1 ? below[call.args[0]] : "constant";
    if (call.args.length > 1 || own === null) return null;
    return argument === "constant" || argument === own ? own : null;
  });
  return [...keys.map(() => "constant" as const), ...changes];
}

/** Over rows that stay as they are. */
function ofCall(call: AggregateCall, input: PhysicalNode): Monotonicity {
  switch (call.fn.name) {
    case "COUNT":
    case "MAX":
      return "growing";
    case "MIN":
      return "shrinking";
    case "SUM":
    case "$SUM0": {
      const { lower, upper } = columnInterval(input, call.args[0], call.filter);
      return lower >= 0 ? "growing" : upper <= 0 ? "shrinking" : null;
    }
    default:
      return null;
  }
}

function ofRank(node: Extract<PhysicalNode, { kind: "Rank" }>, kinds: ModifyKindsOf): readonly Monotonicity[] | null {
  const below = monotonicitiesOf(node.input, kinds);
  if (below === null || node.partition.some((field) => below[field] !== "constant")) return null;
  const [first] = node.order;
  return node.columns.map((_, field): Monotonicity => {
    if (node.partition.includes(field) || (node.outputRank && field === node.columns.length - 1)) return "constant";
    if (first === undefined || first.field !== field || !movesForwardOnly(below[field], first.descending)) return null;
    return first.descending ? "growing" : "shrinking";
  });
}

/** An aggregation in two phases says in its first half what it does; in the very first one, where there are more. */
function firstHalfOf(node: GroupAggregate): Pick<GroupAggregate, "input" | "keys" | "calls"> {
  if (node.phase !== "GLOBAL") return node;
  const local = node.input.kind === "Exchange" ? node.input.input : node.input;
  if (local.kind !== "GroupAggregate") return node;
  if (local.phase !== "INCREMENTAL") return { ...local, calls: node.calls };
  const first = local.input.kind === "Exchange" ? local.input.input : local.input;
  if (first.kind !== "GroupAggregate") return node;
  return { input: first.input, keys: (local.finalKeys ?? []).map((key) => first.keys[key]), calls: first.calls };
}
