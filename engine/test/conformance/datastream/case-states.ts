import { Duration } from "../../../src/base/duration.ts";
import type { KeyedStateStore, OperatorStateStore } from "../../../src/flow/functions.ts";
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from "../../../src/state/descriptors.ts";
import { StateTtlConfig, type TtlStateVisibility, type TtlUpdateType } from "../../../src/state/ttl.ts";
import type { Json, JsonObject } from "./case-format.ts";
import { asDouble, sumOf } from "./recorder-values.ts";

interface Average {
  readonly sum: Json;
  readonly count: number;
}

const average = {
  createAccumulator: (): Average => ({ sum: 0, count: 0 }),
  add: (value: Json, { sum, count }: Average): Average => ({ sum: sumOf(sum, value), count: count + 1 }),
  getResult: ({ sum, count }: Average) => asDouble(sum) / count,
  merge: (left: Average, right: Average): Average => ({ sum: sumOf(left.sum, right.sum), count: left.count + right.count }),
};

function larger(left: Json, right: Json): Json {
  return asDouble(left) >= asDouble(right) ? left : right;
}

/** The descriptor of one declared keyed state. */
export function descriptorOf(name: string, spec: JsonObject): StateDescriptor {
  const descriptor = createDescriptor(name, spec);
  if (spec["ttl"]) descriptor.enableTimeToLive(ttlOf(spec["ttl"] as JsonObject));
  return descriptor as StateDescriptor;
}

function createDescriptor(name: string, spec: JsonObject) {
  switch (spec["kind"]) {
    case "value":
      return new ValueStateDescriptor<Json>(name);
    case "list":
      return new ListStateDescriptor<Json>(name);
    case "map":
      return new MapStateDescriptor<Json, Json>(name);
    case "reducing":
      return new ReducingStateDescriptor<Json>(name, spec["fn"] === undefined || spec["fn"] === "sum" ? sumOf : larger);
    case "aggregating":
      return new AggregatingStateDescriptor(name, average);
    default:
      throw new Error(`unknown state kind ${JSON.stringify(spec)}`);
  }
}

function ttlOf(spec: JsonObject): StateTtlConfig {
  const builder = StateTtlConfig.newBuilder(Duration.ofMillis(spec["ms"] as number));
  if (spec["update"]) builder.setUpdateType(spec["update"] as TtlUpdateType);
  if (spec["visibility"]) builder.setStateVisibility(spec["visibility"] as TtlStateVisibility);
  if (spec["cleanup"] === "none") builder.disableCleanupInBackground();
  if (spec["cleanup"] === "fullSnapshot") builder.disableCleanupInBackground().cleanupFullSnapshot();
  if (spec["cleanup"] === "incremental")
    builder.cleanupIncrementally((spec["cleanupSize"] as number | undefined) ?? 5, spec["runForEveryRecord"] === true);
  return builder.build();
}

/** Opens declared keyed states. */
export function openKeyedStates(declared: Json | undefined, store: KeyedStateStore): Map<string, unknown> {
  const states = new Map<string, unknown>();
  for (const [name, spec] of Object.entries((declared ?? {}) as JsonObject)) {
    const descriptor = descriptorOf(name, spec as JsonObject);
    states.set(name, openState(descriptor, store));
  }
  return states;
}

function openState(descriptor: StateDescriptor, store: KeyedStateStore): unknown {
  switch (descriptor.kind) {
    case "value":
      return store.getState(descriptor as unknown as ValueStateDescriptor<Json>);
    case "list":
      return store.getListState(descriptor as unknown as ListStateDescriptor<Json>);
    case "map":
      return store.getMapState(descriptor as unknown as MapStateDescriptor<Json, Json>);
    case "reducing":
      return store.getReducingState(descriptor as unknown as ReducingStateDescriptor<Json>);
    case "aggregating":
      return store.getAggregatingState(descriptor as unknown as AggregatingStateDescriptor<Json, Json, Json>);
  }
}

/** Opens declared operator states. */
export function openOperatorStates(declared: Json | undefined, store: OperatorStateStore): Map<string, unknown> {
  const states = new Map<string, unknown>();
  for (const [name, spec] of Object.entries((declared ?? {}) as JsonObject)) {
    switch ((spec as JsonObject)["kind"]) {
      case "list":
        states.set(name, store.getListState(new ListStateDescriptor<Json>(name)));
        break;
      case "union":
        states.set(name, store.getUnionListState(new ListStateDescriptor<Json>(name)));
        break;
      case "broadcast":
        states.set(name, store.getBroadcastState(new MapStateDescriptor<Json, Json>(name)));
        break;
      default:
        throw new Error(`unknown operator state ${JSON.stringify(spec)}`);
    }
  }
  return states;
}
