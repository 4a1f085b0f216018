/** Aggregations: without end, over windows, over rows. */
import { bundleRows } from "./bundle-rows.ts";
import type { LogicalType } from "../../../types/logical-type.ts";
import { invariant } from "../../../base/invariant.ts";
import type { GroupAggregate, GroupWindowAggregate, PhysicalNode, WindowAggregate } from "../../3-plan/physical.ts";
import { AggregateHandler } from "../aggregate-handler.ts";
import { binaryRowHash } from "../java-map-order.ts";
import type { Distribution, OperatorPlan } from "../operator-plan.ts";
import { EmittingWindowAggregateOperator } from "../operators/emitting-window-aggregate.ts";
import { type GroupAggregateOptions, GroupAggregateOperator } from "../operators/group-aggregate.ts";
import { GlobalGroupAggregateOperator, MiniBatchGroupAggregateOperator } from "../operators/mini-batch/bundled-group-aggregate.ts";
import { IncrementalGroupAggregateOperator } from "../operators/mini-batch/incremental-group-aggregate.ts";
import { LocalGroupAggregateOperator } from "../operators/mini-batch/local-group-aggregate.ts";
import { HeldWindowAggregateOperator, holdsRowsBack } from "../operators/held-window-aggregate.ts";
import { SessionWindowAggregateOperator } from "../operators/session-window-aggregate.ts";
import { SlicingWindowAggregateOperator } from "../operators/slicing-window-aggregate.ts";
import { lowerInput, type Lowering, oneInput } from "./lower.ts";

function typesOf(node: PhysicalNode) {
  return node.columns.map((column) => column.type);
}

/** The first half of an aggregation in two phases. */
function localOf<T extends GroupAggregate | WindowAggregate>(node: T): T {
  const { input } = node;
  return (input.kind === "Exchange" ? input.input : input) as T;
}

export function lowerGroupAggregate(node: GroupAggregate, lowering: Lowering): OperatorPlan {
  if (node.phase === "GLOBAL") return lowerTwoPhases(node, localOf(node), lowering);
  const { session } = lowering;
  const types = typesOf(node.input);
  const { keys, calls, retract } = node;
  const maxRows = bundleRows(session);
  return oneInput(node, lowerInput(node.input, lowering), () => {
    const options = { keys, handler: new AggregateHandler(calls, types, retract), ...resultOf(node, lowering) };
    return maxRows === null
      ? new GroupAggregateOperator(session, options)
      : new MiniBatchGroupAggregateOperator(session, options, maxRows, binaryRowHash(types, keys));
  });
}

function resultOf(node: GroupAggregate, { session }: Lowering): Pick<GroupAggregateOptions, "ttlMs" | "updateBefore"> {
  return { ttlMs: node.stateTtlMs ?? session.stateTtlMs, updateBefore: node.changelog.updateBefore };
}

function distributionOf(keys: readonly number[]): Distribution {
  return keys.length === 0 ? { kind: "single" } : { kind: "hash", keys };
}

/** Between the halves go the keys and one accumulator. */
function lowerTwoPhases(node: GroupAggregate, local: GroupAggregate, lowering: Lowering): OperatorPlan {
  if (local.phase === "INCREMENTAL") return lowerBehindIncremental(node, local, lowering);
  const { session } = lowering;
  const types = typesOf(local.input);
  const maxRows = bundleRows(session) ?? 0;
  const keys = local.keys.map((_, i) => i);
  return oneInput(node, { input: lowerLocal(local, lowering), distribution: distributionOf(keys) }, () => {
    const handler = new AggregateHandler(local.calls, types, local.retract || node.retract);
    const options = { keys, handler, ...resultOf(node, lowering) };
    return new GlobalGroupAggregateOperator(session, options, maxRows, binaryRowHash(keyTypesOf(local), keys));
  });
}

function lowerLocal(local: GroupAggregate, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const types = typesOf(local.input);
  const maxRows = bundleRows(session) ?? 0;
  const create = (): LocalGroupAggregateOperator => {
    const handler = new AggregateHandler(local.calls, types, local.retract);
    return new LocalGroupAggregateOperator(session, local.keys, handler, maxRows, binaryRowHash(types, local.keys));
  };
  return oneInput(local, lowerInput(local.input, lowering), create);
}

function keyTypesOf({ input, keys }: GroupAggregate): LogicalType[] {
  return keys.map((key) => input.columns[key].type);
}

/** Buckets, what they change, and the groups that are told of it. */
function lowerBehindIncremental(node: GroupAggregate, middle: GroupAggregate, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const local = localOf(middle);
  const types = typesOf(local.input);
  const maxRows = bundleRows(session) ?? 0;
  const finalKeys = middle.finalKeys ?? [];
  const keys = middle.keys.map((_, i) => i);
  const partialTypes = keyTypesOf(local);
  const retract = local.retract || middle.retract;
  const plainCalls = middle.calls.map((call) => ({ ...call, distinct: false }));
  const incremental = oneInput(middle, { input: lowerLocal(local, lowering), distribution: distributionOf(keys) }, () => {
    return new IncrementalGroupAggregateOperator(session, {
      finalKeys,
      partial: new AggregateHandler(middle.calls, types, retract),
      plain: new AggregateHandler(plainCalls, types, retract),
      ttlMs: middle.stateTtlMs ?? session.stateTtlMs,
      maxRows,
      partialHash: binaryRowHash(partialTypes, keys),
      finalHash: binaryRowHash(partialTypes, finalKeys),
    });
  });
  const groupKeys = finalKeys.map((_, i) => i);
  const groupTypes = finalKeys.map((key) => partialTypes[key]);
  return oneInput(node, { input: incremental, distribution: distributionOf(groupKeys) }, () => {
    const options = { keys: groupKeys, handler: new AggregateHandler(plainCalls, types, retract), ...resultOf(node, lowering) };
    return new GlobalGroupAggregateOperator(session, options, maxRows, binaryRowHash(groupTypes, groupKeys));
  });
}

/** Rows that carry a session's bounds: each window is its own slice, of whatever size. */
const ATTACHED = { kind: "tumble", sizeMs: 1, offsetMs: 0 } as const;

export function lowerWindowAggregate(node: WindowAggregate, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  // Both halves run as one: slices are gathered where they are kept.
  const twoPhase = node.phase === "GLOBAL";
  const first = twoPhase ? localOf(node) : node;
  const types = typesOf(first.input);
  const { keys, calls } = first;
  const retract = first.retract || node.retract;
  const distribution = keys.length === 0 ? ({ kind: "single" } as const) : ({ kind: "hash", keys } as const);
  const input = twoPhase ? { input: lowering.lower(first.input), distribution } : lowerInput(node.input, lowering);
  const { spec, origin, localTime, attribute } = first.windowing;
  const properties = node.properties.map(({ property }) => property);
  const timeField = attribute === "PROCTIME" ? -1 : origin.kind === "time" ? origin.field : origin.end;
  const attached = origin.kind === "attached" ? ([origin.start, origin.end] as const) : null;
  return oneInput(node, input, () => {
    const handler = new AggregateHandler(calls, types, retract);
    if (spec.kind === "session" && attached === null)
      return new SessionWindowAggregateOperator(session, { keys, handler, gapMs: spec.gapMs, timeField, localTime, properties });
    const options = {
      keys,
      handler,
      spec: spec.kind === "session" ? ATTACHED : spec,
      timeField,
      attached,
      localTime,
      twoPhase,
      properties,
    };
    return holdsRowsBack(session, options)
      ? new HeldWindowAggregateOperator(session, options)
      : new SlicingWindowAggregateOperator(session, options);
  });
}

export function lowerGroupWindow(node: GroupWindowAggregate, lowering: Lowering): OperatorPlan {
  const { session } = lowering;
  const types = typesOf(node.input);
  const { keys, calls, retract, spec, localTime, emit } = node;
  const timeField = node.timeAttribute === "PROCTIME" ? -1 : node.timeField;
  const properties = node.properties ? (["start", "end", "time", "time"] as const) : [];
  return oneInput(node, lowerInput(node.input, lowering), () => {
    const handler = new AggregateHandler(calls, types, retract);
    if (spec.kind === "session")
      return new SessionWindowAggregateOperator(session, { keys, handler, gapMs: spec.gapMs, timeField, localTime, properties });
    const options = { keys, handler, spec, timeField, localTime, properties };
    if (emit === null) return new SlicingWindowAggregateOperator(session, { ...options, attached: null, legacy: true });
    invariant(spec.kind !== "cumulate", "there is no legacy form of CUMULATE");
    const { updateBefore } = node.changelog;
    return new EmittingWindowAggregateOperator(session, { ...options, spec, ...emit, updateBefore });
  });
}
