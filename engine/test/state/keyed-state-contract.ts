/**
 * What every keyed state backend promises, shown on one: a table of single facts, and random histories against a naive model, with snapshots,
 * restores into other numbers of subtasks, and moves to the other backend in between.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Duration } from "../../src/base/duration.ts";
import { keyGroupOf, keyGroupRange, subtaskForKey } from "../../src/base/key-groups.ts";
import { TimeWindow } from "../../src/operators/windowing/window.ts";
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from "../../src/state/descriptors.ts";
import type { InternalState, KeyedStateBackend } from "../../src/state/keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../../src/state/namespace.ts";
import { redistributeSnapshots } from "../../src/state/redistribute.ts";
import type { KeyedSnapshot } from "../../src/state/snapshot.ts";
import type { State } from "../../src/state/state.ts";
import { NO_TIMERS } from "../../src/state/timers-of-snapshot.ts";
import { StateTtlConfig } from "../../src/state/ttl.ts";

const MAX_PARALLELISM = 16;

export interface BackendUnderTest {
  readonly name: string;
  create(place: { keyGroups: { start: number; end: number }; now: () => number }): KeyedStateBackend;
}

const VALUE = new ValueStateDescriptor<unknown>("value");
const LIST = new ListStateDescriptor<unknown>("list");
const MAP = new MapStateDescriptor<unknown, unknown>("map");
const SUM = new ReducingStateDescriptor<number>("sum", (a, b) => a + b);
const TEXT = new AggregatingStateDescriptor<number, { parts: number[] }, string>("text", {
  createAccumulator: () => ({ parts: [] }),
  add: (value, { parts }) => ({ parts: [...parts, value] }),
  getResult: ({ parts }) => parts.join("+"),
  merge: (a, b) => ({ parts: [...a.parts, ...b.parts] }),
});

/** The subtasks of one operator, as far as state goes. */
class Subtasks {
  backends: KeyedStateBackend[] = [];
  nowMs = 0;
  private kind: BackendUnderTest;
  private checkpointId = 1;

  constructor(kind: BackendUnderTest, parallelism = 1) {
    this.kind = kind;
    this.start(parallelism);
  }

  at(key: unknown): KeyedStateBackend {
    const backend = this.backends[subtaskForKey(key, MAX_PARALLELISM, this.backends.length)];
    backend.setCurrentKey(key);
    return backend;
  }

  state<S extends State>(key: unknown, descriptor: StateDescriptor<S>, namespace: StateNamespace = VOID_NAMESPACE): S & InternalState {
    const state = this.at(key).getState(descriptor);
    state.setCurrentNamespace(namespace);
    return state;
  }

  snapshot(): (KeyedSnapshot | null)[] {
    const id = this.checkpointId++;
    const snapshots = this.backends.map((backend) => backend.snapshot(id, NO_TIMERS).keyed);
    for (const backend of this.backends) backend.notifyCheckpointComplete(id);
    return snapshots;
  }

  restore(snapshots: readonly (KeyedSnapshot | null)[], parallelism: number, kind = this.kind): void {
    this.kind = kind;
    const shares = redistributeSnapshots(
      snapshots.map((keyed) => ({ keyed, operatorState: [], bytes: 0 })),
      parallelism,
      MAX_PARALLELISM,
    );
    this.start(parallelism);
    for (const [subtask, { keyed }] of shares.entries()) if (keyed !== null) this.backends[subtask].restore(keyed, this.checkpointId - 1);
  }

  private start(parallelism: number): void {
    this.backends = Array.from({ length: parallelism }, (_, subtask) =>
      this.kind.create({ keyGroups: keyGroupRange(MAX_PARALLELISM, parallelism, subtask), now: () => this.nowMs }),
    );
  }
}

class Click {
  readonly user: string;
  readonly tags: string[];

  constructor(user: string, tags: string[]) {
    this.user = user;
    this.tags = tags;
  }

  size(): number {
    return this.tags.length;
  }
}

export function describeKeyedState(kind: BackendUnderTest, other: BackendUnderTest): void {
  describe(`keyed state, ${kind.name}`, () => {
    it("gives nothing where nothing was stored, and makes no entries by reading", () => {
      const subtasks = new Subtasks(kind);
      expect(subtasks.state("k", VALUE).value()).toBeNull();
      expect(subtasks.state("k", LIST).get()).toEqual([]);
      expect([...subtasks.state("k", MAP).entries()]).toEqual([]);
      expect(subtasks.state("k", MAP).isEmpty()).toBe(true);
      expect(subtasks.state("k", SUM).get()).toBeNull();
      expect(subtasks.state("k", TEXT).get()).toBeNull();
      expect(subtasks.backends[0].numEntries()).toBe(0);
      expect(subtasks.snapshot()).toEqual([null]);
    });

    it("keeps values of every type, and the class of objects, over restores", () => {
      const values = [
        1,
        -1,
        0,
        -0,
        0.5,
        Number.NaN,
        2 ** 40,
        -(2 ** 40),
        "",
        "grün 🌻",
        "\ud800",
        true,
        false,
        12n,
        -(2n ** 70n),
        new Date(5),
        new Uint8Array([1, 2]),
        [1, [2, "x"]],
        { a: 1, b: { c: null, d: undefined } },
        new Map([["k", { v: 1 }]]),
        new Set([1, "a"]),
        new Click("u", ["x", "y"]),
      ];
      const subtasks = new Subtasks(kind);
      for (const [key, value] of values.entries()) subtasks.state(key, VALUE).update(value);
      subtasks.restore(subtasks.snapshot(), 3);
      for (const [key, value] of values.entries()) expect(subtasks.state(key, VALUE).value()).toStrictEqual(value);
      expect((subtasks.state(values.length - 1, VALUE).value() as Click).size()).toBe(2);
    });

    it.each<[string, unknown, unknown]>([
      ["tuples of the same fields", ["a", 1], ["a", 1]],
      ["objects with their fields in another order", { x: 1, y: "b" }, { y: "b", x: 1 }],
      ["an object with and without an undefined field", { x: 1 }, { x: 1, y: undefined }],
      ["an object and an instance of a class", { user: "u", tags: ["t"] }, new Click("u", ["t"])],
      ["dates of the same time", new Date(7), new Date(7)],
      ["sets in another order", new Set([1, 2]), new Set([2, 1])],
      ["0 and -0", 0, -0],
    ])("takes %s for one key", (_name, key, same) => {
      const subtasks = new Subtasks(kind);
      subtasks.state(key, VALUE).update("here");
      subtasks.state("m", MAP).put(key, "there");
      subtasks.restore(subtasks.snapshot(), 2);
      expect(subtasks.state(same, VALUE).value()).toBe("here");
      expect(subtasks.state("m", MAP).get(same)).toBe("there");
      expect(subtasks.state("other", VALUE).value()).toBeNull();
    });

    it("does not take for one key what Java tells apart", () => {
      const keys = [1, "1", 1n, true, [1], ["1"], { a: 1 }, { b: 1 }, "", [], {}, [[]], "a", "b", "ab"];
      const subtasks = new Subtasks(kind, 2);
      for (const [index, key] of keys.entries()) subtasks.state(key, VALUE).update(index);
      subtasks.restore(subtasks.snapshot(), 1);
      expect(keys.map((key) => subtasks.state(key, VALUE).value())).toEqual(keys.map((_, index) => index));
      expect(subtasks.backends[0].keysOf("value", VOID_NAMESPACE)).toHaveLength(keys.length);
    });

    it("takes objects that serve as dictionaries, as values and as keys", () => {
      const subtasks = new Subtasks(kind);
      const value: Record<string, unknown> = {};
      for (let n = 0; n < 100; n++) {
        value[`field ${n}`] = n;
        subtasks.state("k", VALUE).update(value);
        subtasks.state({ [`field ${n}`]: n }, VALUE).update(n);
        subtasks.state("m", MAP).put({ [`field ${n}`]: 1, b: undefined }, n);
      }
      subtasks.restore(subtasks.snapshot(), 2);
      expect(subtasks.state("k", VALUE).value()).toStrictEqual(value);
      for (let n = 0; n < 100; n++) {
        expect(subtasks.state({ [`field ${n}`]: n }, VALUE).value()).toBe(n);
        expect(subtasks.state("m", MAP).get({ [`field ${n}`]: 1 })).toBe(n);
      }
      expect(subtasks.backends.flatMap((backend) => backend.keysOf("value", VOID_NAMESPACE))).toContainEqual({ "field 99": 99 });
    });

    it("restores keys as they were given, windows as windows", () => {
      const subtasks = new Subtasks(kind);
      subtasks.state({ z: 1, a: "x" }, VALUE, new TimeWindow(0, 10)).update(1);
      subtasks.restore(subtasks.snapshot(), 1);
      const [key] = subtasks.backends[0].keysOf("value", new TimeWindow(0, 10));
      expect(JSON.stringify(key)).toBe('{"z":1,"a":"x"}');
      const [snapshot] = subtasks.snapshot();
      const [{ namespace }] = [...(snapshot as KeyedSnapshot).groups.values()][0].states[0].entries;
      expect(namespace).toBeInstanceOf(TimeWindow);
      expect((namespace as TimeWindow).maxTimestamp()).toBe(9);
    });

    it("says so when a state is used without a key, or as another kind, or filled with what cannot be stored", () => {
      const backend = new Subtasks(kind).backends[0];
      const state = backend.getState(VALUE);
      expect(() => state.value()).toThrow(/No key set/);
      expect(() => backend.setCurrentKey(null)).toThrow(/key/);
      backend.setCurrentKey(1);
      expect(() => backend.getState(new ListStateDescriptor("value"))).toThrow(/is a value state here/);
      expect(() => backend.getState(LIST).add(null)).toThrow(/null/);
      expect(() => {
        state.update({ callback: () => 1 });
        backend.snapshot(1, NO_TIMERS).keyed?.groups.size.toFixed();
      }).toThrow(/In state "value": value.callback is a function/);
    });

    it("merges lists, reductions and aggregates of namespaces in order, and leaves the sources empty", () => {
      const subtasks = new Subtasks(kind);
      const [a, b, target] = [new TimeWindow(0, 1), new TimeWindow(1, 2), new TimeWindow(0, 2)];
      for (const [window, value] of [
        [a, 1],
        [b, 2],
        [target, 3],
      ] as const) {
        subtasks.state("k", LIST, window).add(value);
        subtasks.state("k", SUM, window).add(value);
        subtasks.state("k", TEXT, window).add(value);
      }
      for (const descriptor of [LIST, SUM, TEXT] as StateDescriptor[]) subtasks.state("k", descriptor).mergeNamespaces(target, [a, b]);
      expect(subtasks.state("k", LIST, target).get()).toEqual([3, 1, 2]);
      expect(subtasks.state("k", SUM, target).get()).toBe(6);
      expect(subtasks.state("k", TEXT, target).get()).toBe("3+1+2");
      expect(subtasks.state("k", LIST, a).get()).toEqual([]);
      expect(subtasks.state("k", SUM, b).get()).toBeNull();
      for (const window of [a, target]) subtasks.state("k", MAP, window).put("x", 1);
      expect(() => subtasks.state("k", MAP).mergeNamespaces(target, [a])).toThrow(/cannot be merged/);
    });

    it("does not let a snapshot change with the state", () => {
      const subtasks = new Subtasks(kind);
      subtasks.state("k", LIST).add({ n: 1 });
      subtasks.state("k", MAP).put("x", [1]);
      const before = subtasks.snapshot();
      subtasks.state("k", LIST).add({ n: 2 });
      subtasks.state("k", MAP).put("x", [2]);
      subtasks.state("gone", VALUE).update(1);
      subtasks.snapshot();
      subtasks.restore(before, 1);
      expect(subtasks.state("k", LIST).get()).toEqual([{ n: 1 }]);
      expect(subtasks.state("k", MAP).get("x")).toEqual([1]);
      expect(subtasks.state("gone", VALUE).value()).toBeNull();
    });

    it("rewrites the values of a state when it is migrated", () => {
      const subtasks = new Subtasks(kind);
      const expiring = new MapStateDescriptor<string, number>("expiring");
      expiring.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofMillis(10)).build());
      subtasks.state("k", VALUE).update(1);
      subtasks.state("k", LIST).addAll([1, 2]);
      subtasks.state("k", expiring).put("x", 1);
      subtasks.restore(subtasks.snapshot(), 1);
      for (const name of ["value", "list", "expiring", "unknown"])
        subtasks.backends[0].migrateState(name, (value) => (value as number) * 10);
      expect(subtasks.state("k", VALUE).value()).toBe(10);
      expect(subtasks.state("k", LIST).get()).toEqual([10, 20]);
      subtasks.nowMs = 9;
      expect(subtasks.state("k", expiring).get("x")).toBe(10);
      subtasks.nowMs = 10;
      expect(subtasks.state("k", expiring).get("x")).toBeNull();
    });

    it("keeps what the program no longer asks for", () => {
      const subtasks = new Subtasks(kind);
      subtasks.state("k", VALUE).update("old");
      subtasks.restore(subtasks.snapshot(), 2);
      subtasks.restore(subtasks.snapshot(), 1);
      expect(subtasks.state("k", VALUE).value()).toBe("old");
    });

    it("says what each state weighs: entries are keys and namespaces", () => {
      const subtasks = new Subtasks(kind);
      const keys = Array.from({ length: 20 }, (_, key) => key);
      for (const key of keys) {
        subtasks.state(key, VALUE).update("x".repeat(100));
        for (const entry of ["a", "b"]) subtasks.state(key, MAP, new TimeWindow(0, key % 2)).put(entry, 1);
      }
      const size = (name: string) => subtasks.backends[0].sizes().find(({ stateName }) => stateName === name);
      expect(size("value")).toMatchObject({ entries: 20 });
      expect(size("value")?.bytes).toBeGreaterThan(2000);
      expect(size("value")?.bytes).toBeLessThan(2600);
      expect(size("map")).toMatchObject({ entries: 20 });
      const groups = subtasks.backends[0].sizesByKeyGroup();
      for (const name of ["value", "map"]) {
        const own = groups.filter(({ stateName }) => stateName === name);
        expect(own.map(({ keyGroup }) => keyGroup)).toEqual(
          [...new Set(keys.map((key) => keyGroupOf(key, MAX_PARALLELISM)))].sort((a, b) => a - b),
        );
        expect(own.reduce((sum, { entries }) => sum + entries, 0)).toBe(20);
        expect(own.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(size(name)?.bytes);
      }
      for (const key of keys) subtasks.state(key, VALUE).clear();
      expect(size("value")).toMatchObject({ entries: 0, bytes: 0 });
      expect(size("value")?.peakBytes).toBeGreaterThan(2000);
      expect(subtasks.backends[0].numEntries()).toBe(20);
    });

    it.each([1, 2, 3, 4, 5, 6, 7, 8])("does what a naive model does, through restores and moves (seed %i)", (seed) => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 5, maxLength: 120 }), (steps) => {
          runAgainstModel(steps, kind, other);
        }),
        { seed, numRuns: 60 },
      );
    });
  });

  describe(`time to live, ${kind.name}`, () => {
    const ttl = (configure: (builder: ReturnType<typeof StateTtlConfig.newBuilder>) => unknown = () => {}) => {
      const builder = StateTtlConfig.newBuilder(Duration.ofMillis(10));
      configure(builder);
      return builder.build();
    };

    it.each<[string, StateTtlConfig, { readonly at5: unknown; readonly at12: unknown; readonly at17: unknown }]>([
      ["writing starts it", ttl(), { at5: "v", at12: null, at17: null }],
      ["reading starts it too", ttl((builder) => builder.updateTtlOnReadAndWrite()), { at5: "v", at12: "v", at17: "v" }],
      [
        "what has expired may be seen once",
        ttl((builder) => builder.returnExpiredIfNotCleanedUp().disableCleanupInBackground()),
        { at5: "v", at12: "v", at17: null },
      ],
      ["disabled", ttl((builder) => builder.setUpdateType("Disabled")), { at5: "v", at12: "v", at17: "v" }],
    ])("%s", (_name, config, expected) => {
      const subtasks = new Subtasks(kind);
      const value = new ValueStateDescriptor<string>("v");
      const map = new MapStateDescriptor<string, string>("m");
      const list = new ListStateDescriptor<string>("l");
      for (const descriptor of [value, map, list]) descriptor.enableTimeToLive(config);
      subtasks.state("k", value).update("v");
      subtasks.state("k", map).put("x", "v");
      subtasks.state("k", list).add("v");
      for (const [timeMs, wanted] of [
        [5, expected.at5],
        [12, expected.at12],
        [17, expected.at17],
      ] as const) {
        subtasks.nowMs = timeMs;
        subtasks.restore(subtasks.snapshot(), 1);
        expect(subtasks.state("k", value).value()).toBe(wanted);
        expect(subtasks.state("k", map).get("x")).toBe(wanted);
        expect(subtasks.state("k", list).get()[0] ?? null).toBe(wanted);
      }
    });

    it("each entry of a map and each element of a list has a time of its own", () => {
      const subtasks = new Subtasks(kind);
      const map = new MapStateDescriptor<string, number>("m");
      const list = new ListStateDescriptor<number>("l");
      for (const descriptor of [map, list]) descriptor.enableTimeToLive(ttl());
      for (const timeMs of [0, 4, 8]) {
        subtasks.nowMs = timeMs;
        subtasks.state("k", map).put(`at ${timeMs}`, timeMs);
        subtasks.state("k", list).add(timeMs);
      }
      subtasks.nowMs = 12;
      subtasks.restore(subtasks.snapshot(), 1);
      expect([...subtasks.state("k", map).entries()]).toEqual([
        ["at 4", 4],
        ["at 8", 8],
      ]);
      expect(subtasks.state("k", list).get()).toEqual([4, 8]);
    });

    it("begins, and ends, with a restore into a program that has changed its mind", () => {
      const subtasks = new Subtasks(kind);
      subtasks.state("k", VALUE).update(1);
      subtasks.nowMs = 100;
      subtasks.restore(subtasks.snapshot(), 1);
      const expiring = new ValueStateDescriptor<unknown>("value");
      expiring.enableTimeToLive(ttl());
      expect(subtasks.state("k", expiring).value()).toBe(1);
      subtasks.restore(subtasks.snapshot(), 1);
      subtasks.nowMs = 1000;
      expect(subtasks.state("k", VALUE).value()).toBe(1);
    });
  });
}

// Random histories.

const KEYS = ["a", "b", 1, -7, 123456789, ["t", 1], { u: "x" }, true] as const;
const WINDOWS = [VOID_NAMESPACE, new TimeWindow(0, 10), new TimeWindow(10, 20)] as const;

const key = fc.constantFrom<unknown>(...KEYS);
const namespace = fc.nat(WINDOWS.length - 1);
const small = fc.integer({ min: -3, max: 300 });
const mapKey = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.string({ maxLength: 2 }), fc.constant([1, "x"]));
const element = fc.oneof(small, fc.string({ maxLength: 40 }), fc.record({ n: small }));

type Step =
  | readonly ["update", unknown, number, unknown]
  | readonly ["clear", unknown, number, keyof Model]
  | readonly ["add", unknown, number, unknown]
  | readonly ["addAll" | "replace", unknown, number, readonly unknown[]]
  | readonly ["put", unknown, number, unknown, unknown]
  | readonly ["remove", unknown, number, unknown]
  | readonly ["fold", unknown, number, number]
  | readonly ["merge", unknown]
  | readonly ["checkpoint"]
  | readonly ["restore" | "move", number];

const step = fc.oneof(
  fc.tuple(fc.constant("update" as const), key, namespace, element),
  fc.tuple(fc.constant("clear" as const), key, namespace, fc.constantFrom<keyof Model>("value", "list", "map", "sum", "text")),
  fc.tuple(fc.constant("add" as const), key, namespace, element),
  fc.tuple(fc.constantFrom("addAll" as const, "replace" as const), key, namespace, fc.array(element, { maxLength: 3 })),
  fc.tuple(fc.constant("put" as const), key, namespace, mapKey, element),
  fc.tuple(fc.constant("remove" as const), key, namespace, mapKey),
  fc.tuple(fc.constant("fold" as const), key, namespace, small),
  fc.tuple(fc.constant("merge" as const), key),
  fc.constant(["checkpoint"] as const),
  fc.tuple(fc.constantFrom("restore" as const, "move" as const), fc.integer({ min: 1, max: 4 })),
) as fc.Arbitrary<Step>;

/** One map per state: (key, namespace) → what is there. */
interface Model {
  readonly value: Map<string, unknown>;
  readonly list: Map<string, unknown[]>;
  readonly map: Map<string, Map<string, unknown>>;
  readonly sum: Map<string, number>;
  readonly text: Map<string, number[]>;
}

const DESCRIPTORS: Readonly<Record<keyof Model, StateDescriptor>> = { value: VALUE, list: LIST, map: MAP, sum: SUM, text: TEXT };

function runAgainstModel(steps: readonly Step[], kind: BackendUnderTest, other: BackendUnderTest): void {
  const model: Model = { value: new Map(), list: new Map(), map: new Map(), sum: new Map(), text: new Map() };
  const subtasks = new Subtasks(kind);
  for (const step of steps) apply(step, model, subtasks, kind, other);
  expectEqual(model, subtasks);
  subtasks.restore(subtasks.snapshot(), 2);
  expectEqual(model, subtasks);
}

function address(key: unknown, window: number): string {
  return JSON.stringify([key, window]);
}

function apply(step: Step, model: Model, subtasks: Subtasks, kind: BackendUnderTest, other: BackendUnderTest): void {
  switch (step[0]) {
    case "checkpoint":
      subtasks.snapshot();
      return;
    case "restore":
      subtasks.restore(subtasks.snapshot(), step[1]);
      return;
    case "move":
      subtasks.restore(subtasks.snapshot(), step[1], other);
      subtasks.restore(subtasks.snapshot(), step[1], kind);
      return;
    case "merge":
      merge(step[1], model, subtasks);
      return;
    default:
  }
  const [what, key, index, argument] = step;
  const at = address(key, index);
  const window = WINDOWS[index];
  switch (what) {
    case "update":
      model.value.set(at, argument);
      subtasks.state(key, VALUE, window).update(argument);
      break;
    case "clear":
      model[argument].delete(at);
      subtasks.state(key, DESCRIPTORS[argument], window).clear();
      break;
    case "add":
      model.list.set(at, [...(model.list.get(at) ?? []), argument]);
      subtasks.state(key, LIST, window).add(argument);
      break;
    case "addAll":
      if (argument.length > 0) model.list.set(at, [...(model.list.get(at) ?? []), ...argument]);
      subtasks.state(key, LIST, window).addAll(argument);
      break;
    case "replace":
      if (argument.length > 0) model.list.set(at, [...argument]);
      else model.list.delete(at);
      subtasks.state(key, LIST, window).update(argument);
      break;
    case "put": {
      const map = model.map.get(at) ?? new Map<string, unknown>();
      map.set(JSON.stringify(argument), step[4]);
      model.map.set(at, map);
      subtasks.state(key, MAP, window).put(argument, step[4]);
      break;
    }
    case "remove": {
      const map = model.map.get(at);
      if (map?.delete(JSON.stringify(argument)) && map.size === 0) model.map.delete(at);
      subtasks.state(key, MAP, window).remove(argument);
      break;
    }
    case "fold":
      model.sum.set(at, (model.sum.get(at) ?? 0) + argument);
      model.text.set(at, [...(model.text.get(at) ?? []), argument]);
      subtasks.state(key, SUM, window).add(argument);
      subtasks.state(key, TEXT, window).add(argument);
      break;
  }
}

/** The second window into the first. */
function merge(key: unknown, model: Model, subtasks: Subtasks): void {
  const [to, from] = [address(key, 1), address(key, 2)];
  const fold = <T>(map: Map<string, T>, both: (a: T, b: T) => T) => {
    const moved = map.get(from);
    if (moved === undefined) return;
    const present = map.get(to);
    map.delete(from);
    map.set(to, present === undefined ? moved : both(present, moved));
  };
  fold(model.list, (a, b) => [...a, ...b]);
  fold(model.sum, (a, b) => a + b);
  fold(model.text, (a, b) => [...a, ...b]);
  for (const descriptor of [LIST, SUM, TEXT] as StateDescriptor[])
    subtasks.state(key, descriptor).mergeNamespaces(WINDOWS[1], [WINDOWS[2]]);
}

function expectEqual(model: Model, subtasks: Subtasks): void {
  for (const key of KEYS) {
    for (const [index, window] of WINDOWS.entries()) {
      const at = address(key, index);
      expect(subtasks.state(key, VALUE, window).value()).toEqual(model.value.get(at) ?? null);
      expect(subtasks.state(key, LIST, window).get()).toEqual(model.list.get(at) ?? []);
      expect(subtasks.state(key, SUM, window).get()).toBe(model.sum.get(at) ?? null);
      expect(subtasks.state(key, TEXT, window).get()).toBe(model.text.get(at)?.join("+") ?? null);
      const map = subtasks.state(key, MAP, window);
      const entries = [...map.entries()].map(([entry, value]): [string, unknown] => [JSON.stringify(entry), value]);
      expect(new Map(entries)).toEqual(model.map.get(at) ?? new Map());
      expect(map.isEmpty()).toBe(!model.map.has(at));
      for (const [entry, value] of entries) {
        expect(map.get(JSON.parse(entry))).toEqual(value);
        expect(map.contains(JSON.parse(entry))).toBe(true);
      }
    }
  }
  for (const [index, window] of WINDOWS.entries()) {
    const keys = subtasks.backends.flatMap((backend) => backend.keysOf("value", window)).map((key) => JSON.stringify(key));
    const wanted = KEYS.map((key) => JSON.stringify(key)).filter((_, place) => model.value.has(address(KEYS[place], index)));
    expect(keys.sort()).toEqual(wanted.sort());
  }
  const entries = Object.values(model).reduce((sum, map: Map<string, unknown>) => sum + map.size, 0);
  expect(subtasks.backends.reduce((sum, backend) => sum + backend.numEntries(), 0)).toBe(entries);
  for (const snapshot of subtasks.snapshot()) {
    for (const [keyGroup, { states }] of snapshot?.groups ?? []) {
      for (const state of states) for (const entry of state.entries) expect(keyGroupOf(entry.key, MAX_PARALLELISM)).toBe(keyGroup);
    }
  }
}
