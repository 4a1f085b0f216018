import { canonicalKey } from "../../base/canonical-key.ts";
import { keyGroupOf } from "../../base/key-groups.ts";
import { namingState } from "../../types/unserializable.ts";
import { UNTYPED } from "../../types/type-serializer.ts";
import { copyValue } from "../../types/value-codec.ts";
import type {
  AggregatingStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  StateKind,
  ValueStateDescriptor,
} from "../descriptors.ts";
import { KeyContext } from "../key-context.ts";
import { KeyGroupTotals } from "../key-group-totals.ts";
import type { InternalState, KeyedBackendSnapshot, KeyedStateBackend, KeyedStateSize, KeyGroupSize } from "../keyed-state-backend.ts";
import type { StateNamespace } from "../namespace.ts";
import { snapshotBytes } from "../snapshot-size.ts";
import type { KeyedSnapshot, KeyedStateSnapshot, KeyGroupSnapshot, TimerServiceSnapshot } from "../snapshot.ts";
import type { State } from "../state.ts";
import { StateSchemas } from "../state-schemas.ts";
import { keyIsNull, kindChanged } from "../state-mistakes.ts";
import { HeapAggregatingState, HeapReducingState } from "./heap-folding-state.ts";
import { HeapListState } from "./heap-list-state.ts";
import { HeapMapState } from "./heap-map-state.ts";
import { HeapValueState } from "./heap-value-state.ts";
import { IncrementalCleanup, withoutExpired } from "./incremental-cleanup.ts";
import { StateTable } from "./state-table.ts";
import { fromSnapshotForm, mapStored, toSnapshotForm } from "./stored-form.ts";
import { TtlClock, type TtlValue } from "../ttl-clock.ts";
import { TtlAggregatingState, TtlListState, TtlMapState, TtlReducingState, TtlValueState } from "./ttl-states.ts";

interface Registration {
  readonly table: StateTable<unknown>;
  /** undefined while only a restored snapshot knows of the state. */
  state: (State & InternalState) | undefined;
  ttl: TtlClock | undefined;
}

/**
 * Keyed state as live JavaScript objects (Flink: `HashMapStateBackend`). A snapshot is a deep copy taken at once: the whole
 * simulated cluster is single-threaded, so nothing can change while it is made.
 */
export class HeapKeyedStateBackend implements KeyedStateBackend {
  readonly keyContext = new KeyContext();
  schemas = new StateSchemas({ stateBackend: "hashmap", key: UNTYPED, classNames: undefined });
  readonly handsOutReferences = true;
  private readonly maxParallelism: number;
  private readonly ttlNow: () => number;
  private readonly keyGroups: number;
  private readonly cleansUp: boolean;
  private readonly registrations = new Map<string, Registration>();

  /**
   * @param ttlNow the clock that time to live reads, epoch ms.
   * @param keyGroups number of key groups that this subtask owns.
   * @param cleansUp whether expired state goes by itself, in rounds and in full snapshots, as the settings of its time to live ask. Those
   * are the heap's ways: a log-structured backend drops expired state in compactions, so it stays until it is met.
   */
  constructor(maxParallelism: number, ttlNow: () => number, keyGroups = maxParallelism, cleansUp = true) {
    this.cleansUp = cleansUp;
    this.maxParallelism = maxParallelism;
    this.ttlNow = ttlNow;
    this.keyGroups = keyGroups;
  }

  setCurrentKey(key: unknown): void {
    if (key === null || key === undefined) throw keyIsNull();
    this.keyContext.setCurrentKey(key, canonicalKey(key));
  }

  getState<S extends State>(descriptor: StateDescriptor<S>): S & InternalState {
    this.keyContext.uses++;
    let registration = this.registrations.get(descriptor.name);
    if (registration === undefined) {
      const ttl = descriptor.getTtlConfig() !== undefined;
      const table = new StateTable<unknown>(descriptor.name, descriptor.kind, ttl, this.keyContext);
      registration = { table, state: undefined, ttl: undefined };
      this.registrations.set(descriptor.name, registration);
    }
    if (registration.table.kind !== descriptor.kind) throw kindChanged(descriptor, registration.table.kind);
    registration.state ??= this.createState(registration, descriptor);
    return registration.state as S & InternalState;
  }

  snapshot(_checkpointId: number, timers: ReadonlyMap<number, readonly TimerServiceSnapshot[]>): KeyedBackendSnapshot {
    const groups = new Map<number, KeyGroupSnapshot>();
    for (const [keyGroup, states] of this.statesByKeyGroup()) groups.set(keyGroup, { states, timers: timers.get(keyGroup) ?? [] });
    for (const [keyGroup, own] of timers) if (!groups.has(keyGroup)) groups.set(keyGroup, { states: [], timers: own });
    const bytes = snapshotBytes(groups, []);
    const keyed = groups.size === 0 ? null : { maxParallelism: this.maxParallelism, groups };
    return { keyed, keyGroups: groups.keys(), bytes, uploadedBytes: bytes };
  }

  private statesByKeyGroup(): Map<number, KeyedStateSnapshot[]> {
    const groups = new Map<number, KeyedStateSnapshot[]>();
    for (const { table, ttl } of this.registrations.values()) {
      const filter = this.cleansUp && ttl?.config.cleanupInSnapshot ? ttl : undefined;
      const byGroup = new Map<number, { key: unknown; namespace: unknown; value: unknown }[]>();
      for (const [, entry] of table.entries()) {
        let value: unknown = snapshotForm(table, entry.value);
        if (filter !== undefined) value = withoutExpiredCopy(table.kind, value, filter);
        if (value === undefined) continue;
        const group = keyGroupOf(entry.key, this.maxParallelism);
        let entries = byGroup.get(group);
        if (entries === undefined) {
          entries = [];
          byGroup.set(group, entries);
        }
        entries.push({ key: copyValue(entry.key), namespace: entry.namespace, value });
      }
      for (const [group, entries] of byGroup) {
        let states = groups.get(group);
        if (states === undefined) {
          states = [];
          groups.set(group, states);
        }
        states.push({ stateName: table.stateName, kind: table.kind, ttl: table.ttl, entries });
      }
    }
    return groups;
  }

  get snapshotsDependOnTime(): boolean {
    if (this.cleansUp) for (const { ttl } of this.registrations.values()) if (ttl?.config.cleanupInSnapshot === true) return true;
    return false;
  }

  restore({ groups }: KeyedSnapshot, _checkpointId: number | undefined): void {
    this.keyContext.uses++;
    for (const { states } of groups.values()) this.restoreStates(states);
  }

  migrateState(stateName: string, change: (value: unknown) => unknown): void {
    const table = this.registrations.get(stateName)?.table;
    if (table === undefined) return;
    const changeStored = table.ttl
      ? (wrapped: unknown): unknown => ({ ...(wrapped as TtlValue<unknown>), value: change((wrapped as TtlValue<unknown>).value) })
      : change;
    for (const [, entry] of table.entries()) entry.value = mapStored(table.kind, entry.value, changeStored);
  }

  notifyCheckpointComplete(_checkpointId: number): void {}

  notifyCheckpointAborted(_checkpointId: number): void {}

  private restoreStates(states: readonly KeyedStateSnapshot[]): void {
    for (const { stateName, kind, ttl, entries } of states) {
      let registration = this.registrations.get(stateName);
      if (registration === undefined) {
        const table = new StateTable<unknown>(stateName, kind as StateKind, ttl === true, this.keyContext);
        registration = { table, state: undefined, ttl: undefined };
        this.registrations.set(stateName, registration);
      }
      const { table } = registration;
      for (const { key, namespace, value } of entries) {
        table.restore(canonicalKey(key), copyValue(key), namespace as StateNamespace, fromSnapshotForm(table.kind, value));
      }
    }
  }

  keysOf(stateName: string, namespace: StateNamespace): unknown[] {
    const table = this.registrations.get(stateName)?.table;
    return table === undefined ? [] : table.keysIn(namespace);
  }

  numEntries(): number {
    let count = 0;
    for (const { table } of this.registrations.values()) count += table.size;
    return count;
  }

  sizes(): KeyedStateSize[] {
    return [...this.registrations.values()].map(({ table }) => measured(table));
  }

  sizesByKeyGroup(): KeyGroupSize[] {
    return [...this.registrations.values()].flatMap(({ table }) => {
      const totals = new KeyGroupTotals();
      for (const [, cell] of table.entries()) totals.add(keyGroupOf(cell.key, this.maxParallelism), 1, table.bytesOf(cell));
      return totals.of(table.stateName);
    });
  }

  private createState(registration: Registration, descriptor: StateDescriptor): State & InternalState {
    const { table } = registration;
    const config = descriptor.getTtlConfig();
    const change = this.schemas.register(descriptor);
    this.adaptTimeToLive(table, config !== undefined);
    if (change !== null) this.migrateState(descriptor.name, change);
    if (config === undefined) return createHeapState(descriptor, table);
    const ttl = new TtlClock(config, this.ttlNow);
    registration.ttl = ttl;
    let accessed = () => {};
    if (this.cleansUp && config.incrementalCleanup !== undefined) {
      const cleanup = new IncrementalCleanup(table, ttl, config.incrementalCleanup, this.keyGroups);
      if (cleanup.forEveryRecord) this.keyContext.perKey.push(cleanup);
      accessed = () => cleanup.run();
    }
    return createTtlState(descriptor, table, ttl, accessed, this.cleansUp);
  }

  /** A restored state may have been written without time to live, or with it: its entries start (or stop) ageing now. */
  private adaptTimeToLive(table: StateTable<unknown>, wanted: boolean): void {
    if (table.ttl === wanted) return;
    const now = this.ttlNow();
    const change = wanted
      ? (value: unknown): unknown => ({ value, lastAccessMs: now })
      : (wrapped: unknown): unknown => (wrapped as TtlValue<unknown>).value;
    for (const [, entry] of table.entries()) entry.value = mapStored(table.kind, entry.value, change);
    table.ttl = wanted;
  }
}

function createHeapState(descriptor: StateDescriptor, table: StateTable<unknown>): State & InternalState {
  switch (descriptor.kind) {
    case "value":
      return new HeapValueState(table, (descriptor as unknown as ValueStateDescriptor<unknown>).defaultValue);
    case "list":
      return new HeapListState(table as StateTable<unknown[]>);
    case "map":
      return new HeapMapState(table as StateTable<never>);
    case "reducing":
      return new HeapReducingState(table, (descriptor as unknown as ReducingStateDescriptor<unknown>).reduceFunction);
    case "aggregating":
      return new HeapAggregatingState(table, aggregateOf(descriptor));
  }
}

function createTtlState(
  descriptor: StateDescriptor,
  table: StateTable<unknown>,
  ttl: TtlClock,
  accessed: () => void,
  keepsEmptiedMaps: boolean,
): State & InternalState {
  const single = table as StateTable<TtlValue<unknown>>;
  switch (descriptor.kind) {
    case "value":
      return new TtlValueState(single, ttl, accessed, (descriptor as unknown as ValueStateDescriptor<unknown>).defaultValue);
    case "list":
      return new TtlListState(table as StateTable<TtlValue<unknown>[]>, ttl, accessed);
    case "map":
      return new TtlMapState(table as StateTable<never>, ttl, accessed, keepsEmptiedMaps);
    case "reducing":
      return new TtlReducingState(single, ttl, accessed, (descriptor as unknown as ReducingStateDescriptor<unknown>).reduceFunction);
    case "aggregating":
      return new TtlAggregatingState(single, ttl, accessed, aggregateOf(descriptor));
  }
}

function aggregateOf(descriptor: StateDescriptor) {
  return (descriptor as unknown as AggregatingStateDescriptor<unknown, unknown, unknown>).aggregateFunction;
}

/** As `withoutExpired`, for the snapshot form of a value. */
function withoutExpiredCopy(kind: StateKind, value: unknown, ttl: TtlClock): unknown {
  if (kind !== "map") return withoutExpired(kind, value, ttl);
  const map = value as Map<unknown, TtlValue<unknown>>;
  for (const [key, wrapped] of map) if (ttl.expired(wrapped)) map.delete(key);
  return map.size === 0 ? undefined : map;
}

function snapshotForm(table: StateTable<unknown>, value: unknown): unknown {
  try {
    return toSnapshotForm(table.kind, value);
  } catch (error) {
    throw namingState(error, table.stateName);
  }
}

function measured(table: StateTable<unknown>): KeyedStateSize {
  try {
    return table.measure();
  } catch (error) {
    throw namingState(error, table.stateName);
  }
}
