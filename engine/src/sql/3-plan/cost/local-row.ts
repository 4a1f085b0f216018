/** Sizes of what the first half of an aggregation hands on: keys, accumulators, sets of distinct values, the end of the slice. */
import type { AggregateCall } from "../../2-analyze/rel.ts";
import { allCallsOf } from "../explain/two-phase.ts";
import type { GroupAggregate, WindowAggregate } from "../physical.ts";
import { typeSize } from "./type-size.ts";

const COUNTER = 8;
/** A map or list in state. */
const VIEW = 128;

export function localSizes(node: GroupAggregate | WindowAggregate): number[] {
  const { columns } = node.input;
  const calls = allCallsOf(node);
  const sets = new Set(calls.flatMap((call) => (call.distinct ? [call.args.join()] : [])));
  return [
    ...node.keys.map((key) => typeSize(columns[key].type)),
    ...calls.map((call) => accumulatorSize(call, node.retract)),
    ...[...sets].map(() => VIEW),
    ...(node.kind === "WindowAggregate" ? [COUNTER] : []),
  ];
}

function accumulatorSize(call: AggregateCall, retract: boolean): number {
  const value = typeSize(call.type);
  const takesBack = retract && call.keepsExtreme !== true;
  switch (call.fn.name) {
    case "COUNT":
      return COUNTER;
    case "AVG":
      return (call.type.root === "DECIMAL" ? value : COUNTER) + COUNTER;
    case "SUM":
      return value + (takesBack ? COUNTER : 0);
    case "MIN":
    case "MAX":
      return value + (takesBack ? COUNTER + VIEW : 0);
    case "STDDEV_POP":
    case "STDDEV_SAMP":
    case "VAR_POP":
    case "VAR_SAMP":
      return 4 * COUNTER;
    case "LISTAGG":
      return takesBack ? 2 * VIEW : 2 * value;
    case "ARRAY_AGG":
      return 2 * VIEW;
    case "$SUM0":
      return value;
    default:
      return VIEW;
  }
}
