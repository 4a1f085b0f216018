/** Declared keyed states, of declared types, as the action language sees them: it speaks JSON. */
import {
  AggregatingStateDescriptor,
  Duration,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type RuntimeContext,
  StateTtlConfig,
  Types,
  ValueStateDescriptor,
} from "../../../../src/index.ts";
import type { TtlStateVisibility, TtlUpdateType } from "../../../../src/state/ttl.ts";
import type { Json, JsonObject } from "../../datastream/case-format.ts";
import { type CaseClasses, type CaseType, caseTypeOf } from "./case-types.ts";

export function openStates(declared: JsonObject, context: RuntimeContext, classes: CaseClasses): Map<string, unknown> {
  return new Map(Object.entries(declared).map(([name, spec]) => [name, openState(name, spec as JsonObject, context, classes)]));
}

function openState(localName: string, spec: JsonObject, context: RuntimeContext, classes: CaseClasses): unknown {
  const name = (spec["name"] as string | undefined) ?? localName;
  const type = caseTypeOf(spec["type"], classes);
  const aged = <D extends { enableTimeToLive(config: StateTtlConfig): void }>(descriptor: D): D => {
    if (spec["ttl"] !== undefined) descriptor.enableTimeToLive(ttlOf(spec["ttl"] as JsonObject));
    return descriptor;
  };
  switch (spec["kind"]) {
    case "value": {
      const state = context.getState(aged(new ValueStateDescriptor<unknown>(name, type.type)));
      return {
        value: () => type.toJson(state.value()),
        update: (json: Json) => state.update(type.fromJson(json)),
        clear: () => state.clear(),
      };
    }
    case "list": {
      const state = context.getListState(aged(new ListStateDescriptor<unknown>(name, type.type)));
      const all = (jsons: Json[]) => jsons.map((json) => type.fromJson(json));
      return {
        get: () => [...state.get()].map((value) => type.toJson(value)),
        add: (json: Json) => state.add(type.fromJson(json)),
        addAll: (jsons: Json[]) => state.addAll(all(jsons)),
        update: (jsons: Json[]) => state.update(all(jsons)),
        clear: () => state.clear(),
      };
    }
    case "map":
      return mapState(context.getMapState(aged(new MapStateDescriptor<string, unknown>(name, Types.STRING, type.type))), type);
    case "reducing": {
      const fold = spec["fn"] === "max" ? Math.max : (left: number, right: number) => left + right;
      const reduce = (left: string, right: string) => JSON.stringify(fold(JSON.parse(left) as number, JSON.parse(right) as number));
      return appending(context.getReducingState(aged(new ReducingStateDescriptor<string>(name, reduce, Types.STRING))));
    }
    case "aggregating":
      return appending(
        context.getAggregatingState(aged(new AggregatingStateDescriptor<string, string, string>(name, AVERAGE, Types.STRING))),
      );
    default:
      throw new Error(`unknown state kind ${JSON.stringify(spec)}`);
  }
}

const AVERAGE = {
  createAccumulator: () => "[0,0]",
  add(value: string, accumulator: string): string {
    const [sum, count] = JSON.parse(accumulator) as [number, number];
    return JSON.stringify([sum + Number(JSON.parse(value)), count + 1]);
  },
  getResult(accumulator: string): string {
    const [sum, count] = JSON.parse(accumulator) as [number, number];
    return JSON.stringify(sum / count);
  },
  merge(left: string, right: string): string {
    const [a, b] = [JSON.parse(left), JSON.parse(right)] as [[number, number], [number, number]];
    return JSON.stringify([a[0] + b[0], a[1] + b[1]]);
  },
};

function mapState(state: ReturnType<RuntimeContext["getMapState"]>, type: CaseType): unknown {
  return {
    get: (key: string) => type.toJson(state.get(key)),
    put: (key: string, json: Json) => state.put(key, type.fromJson(json)),
    remove: (key: string) => state.remove(key),
    contains: (key: string) => state.contains(key),
    isEmpty: () => state.isEmpty(),
    keys: () => state.keys(),
    entries: () => [...state.entries()].map(([key, value]) => [key, type.toJson(value)]),
    clear: () => state.clear(),
  };
}

/** The words of a case are JSON, and so is what is in the state. */
function appending(state: { get(): unknown; add(value: string): void; clear(): void }): unknown {
  return {
    get: () => JSON.parse((state.get() as string | null) ?? "null") as Json,
    add: (json: Json) => state.add(JSON.stringify(json)),
    clear: () => state.clear(),
  };
}

function ttlOf(ttl: JsonObject): StateTtlConfig {
  const builder = StateTtlConfig.newBuilder(Duration.ofMillis(ttl["ms"] as number));
  if (ttl["update"] !== undefined) builder.setUpdateType(ttl["update"] as TtlUpdateType);
  if (ttl["visibility"] !== undefined) builder.setStateVisibility(ttl["visibility"] as TtlStateVisibility);
  if (ttl["cleanup"] === "none") builder.disableCleanupInBackground();
  if (ttl["cleanup"] === "fullSnapshot") builder.disableCleanupInBackground().cleanupFullSnapshot();
  if (ttl["cleanup"] === "incremental")
    builder.cleanupIncrementally((ttl["cleanupSize"] as number | undefined) ?? 5, ttl["runForEveryRecord"] === true);
  return builder.build();
}
