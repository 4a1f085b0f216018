/** The calls of an aggregation in two halves are over the input of the first one. */
import type { AggregateCall, RelColumn } from "../../2-analyze/rel.ts";
import { AGGREGATE_FUNCTIONS } from "../../functions/aggregates.ts";
import { BIGINT, withNullable } from "../../../types/logical-type.ts";
import type { PhysicalNode } from "../physical.ts";

export interface LocalInput {
  readonly calls: readonly AggregateCall[];
  readonly input: readonly RelColumn[];
  /** COUNT(*), for windows that need one. */
  readonly countStar: AggregateCall | null;
}

export function aggregateCallsOf(node: Extract<PhysicalNode, { kind: "GroupAggregate" | "WindowAggregate" }>): LocalInput {
  const fn = AGGREGATE_FUNCTIONS.get("COUNT")!;
  const countStar: AggregateCall = { fn, args: [], distinct: false, filter: -1, type: withNullable(BIGINT, false), name: null };
  return { calls: node.calls, input: localInput(node).columns, countStar };
}

function localInput(node: Extract<PhysicalNode, { kind: "GroupAggregate" | "WindowAggregate" }>): PhysicalNode {
  if (node.phase !== "GLOBAL") return node.input;
  const below = node.input.kind === "Exchange" ? node.input.input : node.input;
  return below.kind === "GroupAggregate" || below.kind === "WindowAggregate" ? below.input : below;
}

/** With the count that nobody asked for: HOP puts windows together from slices and groups take rows back; both have to know what is empty. */
export function allCallsOf(node: Extract<PhysicalNode, { kind: "GroupAggregate" | "WindowAggregate" }>): readonly AggregateCall[] {
  const { calls, countStar } = aggregateCallsOf(node);
  const counted = calls.some((call) => call.fn.name === "COUNT" && call.args.length === 0);
  const isCounting =
    node.kind === "WindowAggregate"
      ? node.windowing.spec.kind === "hop" && node.phase !== "SINGLE"
      : node.retract && node.phase === "LOCAL";
  return isCounting && !counted && countStar !== null ? [...calls, countStar] : calls;
}
