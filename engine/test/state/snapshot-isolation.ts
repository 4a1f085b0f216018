/**
 * What a snapshot promises while its backend goes on: random histories with several snapshots alive at once, each of them compared with what a twin,
 * which does the same and has its snapshots copied at once, had at that moment. Values are objects that are changed in place, as programs do.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Duration } from "../../src/base/duration.ts";
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
import type { KeyedSnapshot } from "../../src/state/snapshot.ts";
import type { State } from "../../src/state/state.ts";
import { NO_TIMERS } from "../../src/state/timers-of-snapshot.ts";
import { StateTtlConfig } from "../../src/state/ttl.ts";
import type { BackendUnderTest } from "./keyed-state-contract.ts";

const TTL_MS = 10;
const ALL_KEY_GROUPS = { start: 0, end: 15 };

interface Box {
  n: number;
}

const VALUE = new ValueStateDescriptor<Box | number>("value");
const LIST = new ListStateDescriptor<Box>("list");
const MAP = new MapStateDescriptor<unknown, Box>("map");
const SUM = new ReducingStateDescriptor<Box>("sum", (a, b) => {
  a.n += b.n;
  return a;
});
const PARTS = new AggregatingStateDescriptor<number, { parts: number[] }, string>("parts", {
  createAccumulator: () => ({ parts: [] }),
  add: (value, accumulator) => {
    accumulator.parts.push(value);
    return accumulator;
  },
  getResult: ({ parts }) => parts.join("+"),
  merge: (a, b) => {
    a.parts.push(...b.parts);
    return a;
  },
});
const TTL_VALUE = new ValueStateDescriptor<Box>("value that expires");
const TTL_LIST = new ListStateDescriptor<Box>("list that expires");
const TTL_MAP = new MapStateDescriptor<unknown, Box>("map that expires");
const TTL_SUM = new ReducingStateDescriptor<Box>("sum that expires", SUM.reduceFunction);
for (const descriptor of [TTL_VALUE, TTL_SUM]) descriptor.enableTimeToLive(ttl((builder) => builder.cleanupFullSnapshot()));
TTL_LIST.enableTimeToLive(ttl((builder) => builder.updateTtlOnReadAndWrite()));
TTL_MAP.enableTimeToLive(ttl((builder) => builder.cleanupIncrementally(2, true).cleanupFullSnapshot()));

function ttl(configure: (builder: ReturnType<typeof StateTtlConfig.newBuilder>) => { build(): StateTtlConfig }): StateTtlConfig {
  return configure(StateTtlConfig.newBuilder(Duration.ofMillis(TTL_MS))).build();
}

const keys = [1, { k: 1 }, "a"];
const windows = [VOID_NAMESPACE, new TimeWindow(0, 10), new TimeWindow(10, 20)];

type Use = (at: <S extends State>(descriptor: StateDescriptor<S>) => S & InternalState, n: number) => unknown;

function change(box: Box | number | null | undefined, n: number): void {
  if (typeof box === "object" && box !== null) box.n = n;
}

const USES: readonly Use[] = [
  (at, n) => at(VALUE).update({ n }),
  (at, n) => at(VALUE).update(n),
  (at, n) => change(at(VALUE).value(), n),
  (at) => at(VALUE).clear(),
  (at, n) => at(LIST).add({ n }),
  (at, n) => at(LIST).addAll([{ n }, { n: -n }]),
  (at, n) => change(at(LIST).get().at(-1), n),
  (at, n) => at(LIST).update([{ n }]),
  (at) => at(LIST).clear(),
  (at, n) => at(MAP).put(n % 3, { n }),
  (at, n) => change(at(MAP).get(n % 3), n),
  (at, n) => [...at(MAP).values()].forEach((box) => change(box, n)),
  (at, n) => at(MAP).remove(n % 3),
  (at, n) => at(SUM).add({ n }),
  (at, n) => change(at(SUM).get(), n),
  (at) => at(SUM).clear(),
  (at, n) => at(PARTS).add(n),
  (at) => at(PARTS).clear(),
  (at, n) => at(TTL_VALUE).update({ n }),
  (at, n) => change(at(TTL_VALUE).value(), n),
  (at, n) => at(TTL_LIST).add({ n }),
  (at, n) => change(at(TTL_LIST).get()[0], n),
  (at, n) => at(TTL_MAP).put(n % 3, { n }),
  (at, n) => change(at(TTL_MAP).get(n % 3), n),
  (at) => [...at(TTL_MAP).keys()],
  (at, n) => at(TTL_SUM).add({ n }),
];

/** Merges windows 1 and 2 of the key into one of them. */
const MERGES: readonly Use[] = [LIST, SUM, PARTS, TTL_LIST, TTL_SUM].map(
  (descriptor: StateDescriptor): Use =>
    (at, n) =>
      at(descriptor).mergeNamespaces(windows[1 + (n % 2)], [windows[2 - (n % 2)]]),
);

const step = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({ do: fc.constantFrom(...USES), key: fc.nat(keys.length - 1), window: fc.nat(windows.length - 1), n: fc.nat(20) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom(...MERGES), key: fc.nat(keys.length - 1), window: fc.constant(1), n: fc.nat(1) }),
  },
  { weight: 2, arbitrary: fc.constant("snapshot" as const) },
  { weight: 1, arbitrary: fc.record({ detach: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ release: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ passMs: fc.nat(6) }) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Alive {
  readonly snapshot: KeyedSnapshot | null;
  readonly expected: unknown;
}

class Histories {
  private nowMs = 0;
  private readonly backend: KeyedStateBackend;
  private readonly twin: KeyedStateBackend;
  private checkpointId = 0;
  private readonly alive: Alive[] = [];

  constructor(kind: BackendUnderTest) {
    const place = { keyGroups: ALL_KEY_GROUPS, now: () => this.nowMs };
    this.backend = kind.create(place);
    this.twin = kind.create(place);
  }

  take(one: Step): void {
    if (one === "snapshot") this.snapshot();
    else if ("do" in one) this.use(one.do, keys[one.key], windows[one.window], one.n);
    else if ("passMs" in one) this.nowMs += one.passMs;
    else if ("detach" in one) this.end(one.detach, ({ snapshot, expected }) => expect(contentsOf(snapshot)).toEqual(expected));
    else this.end(one.release, ({ snapshot }) => snapshot?.release?.());
  }

  /** Every snapshot is still what it was; and the states themselves never noticed. */
  finish(): void {
    while (this.alive.length > 0) this.end(0, ({ snapshot, expected }) => expect(contentsOf(snapshot)).toEqual(expected));
    expect(contentsOf(this.backend.snapshot(++this.checkpointId, NO_TIMERS).keyed)).toEqual(
      contentsOf(this.twin.snapshot(this.checkpointId, NO_TIMERS).keyed),
    );
  }

  private snapshot(): void {
    const id = ++this.checkpointId;
    const { keyed: expected, bytes } = this.twin.snapshot(id, NO_TIMERS);
    const taken = this.backend.snapshot(id, NO_TIMERS);
    expect(taken.bytes).toBe(bytes);
    this.alive.push({ snapshot: taken.keyed, expected: contentsOf(expected) });
  }

  private end(index: number, how: (one: Alive) => void): void {
    const [one] = this.alive.splice(index, 1);
    if (one !== undefined) how(one);
  }

  private use(use: Use, key: unknown, window: StateNamespace, n: number): void {
    const outcomes = [this.backend, this.twin].map((backend) => {
      backend.setCurrentKey(key);
      const result = use((descriptor) => {
        const state = backend.getState(descriptor);
        state.setCurrentNamespace(window);
        return state;
      }, n);
      return Array.isArray(result) ? result : null;
    });
    expect(outcomes[0]).toEqual(outcomes[1]);
  }
}

function contentsOf(snapshot: KeyedSnapshot | null): unknown {
  snapshot?.detach?.();
  // A copy of the copy, in case the snapshot should change after all.
  return structuredClone(
    [...(snapshot?.groups ?? [])].map(([group, { states }]) => [
      group,
      states.map((state) => ({ ...state, entries: state.entries.map(plain) })),
    ]),
  );
}

function plain({ key, namespace, value }: { key: unknown; namespace: unknown; value: unknown }): unknown {
  return { key, namespace: (namespace as StateNamespace).namespaceKey, value };
}

export function describeSnapshotIsolation(kind: BackendUnderTest): void {
  describe(`snapshots, ${kind.name}`, () => {
    it.each([1, 2, 3, 4])("do not see what is done with the states after them, several at once (seed %i)", (seed) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
          const histories = new Histories(kind);
          for (const one of steps) histories.take(one);
          histories.finish();
        }),
        { seed, numRuns: 40 },
      );
    });
  });
}
