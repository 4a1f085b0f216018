/** The calls of an aggregation in two halves are over the input of the first one. */
import type { AggregateCall, RelColumn } from "../../2-analyze/rel.ts";
import { AGGREGATE_FUNCTIONS } from "../../functions/aggregates.ts";
import { BIGINT, withNullable } from "../../../types/logical-type.ts";
import type { PhysicalNode } from "../physical.ts";

export interface LocalInput {
  readonly calls: readonly AggregateCall[];
  readonly input: readonly RelColumn[];
  /** COUNT(*), for windows that need one. */
  readonly countStar: AggregateCall;
}

type InHalves = Extract<PhysicalNode, { kind: "GroupAggregate" | "WindowAggregate" }>;

export function aggregateCallsOf(node: InHalves): LocalInput {
  const fn = AGGREGATE_FUNCTIONS.get("COUNT")!;
  const countStar: AggregateCall = { fn, args: [], distinct: false, filter: -1, type: withNullable(BIGINT, false), name: null };
  const half = firstHalfOf(node);
  // What an incremental aggregation hands on are the parts of its own calls.
  return { calls: half.phase === "INCREMENTAL" ? half.calls : node.calls, input: inputOf(half).columns, countStar };
}

/** The node itself, or what stands before the exchange. */
function firstHalfOf(node: InHalves): InHalves {
  if (node.phase !== "GLOBAL") return node;
  const below = node.input.kind === "Exchange" ? node.input.input : node.input;
  return below.kind === "GroupAggregate" || below.kind === "WindowAggregate" ? below : node;
}

function inputOf(half: InHalves): PhysicalNode {
  if (half.phase !== "INCREMENTAL") return half.input;
  const below = half.input.kind === "Exchange" ? half.input.input : half.input;
  return below.kind === "GroupAggregate" ? below.input : below;
}

/** With the count that nobody asked for: HOP puts windows together from slices and groups take rows back; both have to know what is empty. */
export function allCallsOf(node: InHalves): readonly AggregateCall[] {
  const { calls, countStar } = aggregateCallsOf(node);
  const counted = calls.some((call) => call.fn.name === "COUNT" && call.args.length === 0);
  const isCounting =
    node.kind === "WindowAggregate"
      ? node.windowing.spec.kind === "hop" && node.phase !== "SINGLE"
      : node.retract && (node.phase === "LOCAL" || node.phase === "INCREMENTAL");
  return isCounting && !counted ? [...calls, countStar] : calls;
}
