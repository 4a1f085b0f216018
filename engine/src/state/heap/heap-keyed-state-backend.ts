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
import type { KeyedSnapshot, KeyedStateSnapshot } from "../snapshot.ts";
import type { State } from "../state.ts";
import { StateSchemas } from "../state-schemas.ts";
import { keyIsNull, kindChanged } from "../state-mistakes.ts";
import type { TimersOfSnapshot } from "../timers-of-snapshot.ts";
import { HeapAggregatingState, HeapReducingState } from "./heap-folding-state.ts";
import { HeapKeyedSnapshot, type SharedState } from "./heap-keyed-snapshot.ts";
import { HeapListState } from "./heap-list-state.ts";
import { HeapMapState } from "./heap-map-state.ts";
import { HeapValueState } from "./heap-value-state.ts";
import { IncrementalCleanup, withoutExpired } from "./incremental-cleanup.ts";
import { StateTable } from "./state-table.ts";
import { fromSnapshotForm, mapStored } from "./stored-form.ts";
import { TtlClock, type TtlValue } from "../ttl-clock.ts";
import { TtlAggregatingState, TtlListState, TtlMapState, TtlReducingState, TtlValueState } from "./ttl-states.ts";

const NOTHING: KeyedBackendSnapshot = { keyed: null, keyGroups: [], bytes: 0, uploadedBytes: 0 };

interface Registration {
  readonly table: StateTable<unknown>;
  /** undefined while only a restored snapshot knows of the state. */
  state: (State & InternalState) | undefined;
  ttl: TtlClock | undefined;
}

/**
 * Keyed state as live JavaScript objects (Flink: `HashMapStateBackend`). A snapshot takes their references; as long as it shares them, the
 * tables copy on write (state-table.ts). Several snapshots may be alive at once.
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
  /** Versions of the snapshots that share values with the tables, in ascending order. */
  private readonly sharing: number[] = [];
  private lastVersion = 0;

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

  snapshot(_checkpointId: number, timers: TimersOfSnapshot): KeyedBackendSnapshot {
    const version = ++this.lastVersion;
    const states: SharedState[] = [];
    for (const { table, ttl } of this.registrations.values()) {
      const arrays = table.share(version);
      if (arrays.length === 0) continue;
      const { stateName, kind } = table;
      const drops = this.cleansUp && ttl?.config.cleanupInSnapshot === true ? ttl.asOfNow() : null;
      const unexpired = drops === null ? null : (value: unknown) => withoutExpiredForm(kind, value, drops);
      states.push({ stateName, kind, ttl: table.ttl, arrays, unexpired });
    }
    if (states.length === 0 && timers.isEmpty) return NOTHING;
    const { maxParallelism } = this;
    this.sharing.push(version);
    return new HeapKeyedSnapshot({
      maxParallelism,
      rowKeys: this.keyContext.copyKeys(),
      states,
      timers,
      unshared: () => this.unshare(version),
    });
  }

  private unshare(version: number): void {
    this.sharing.splice(this.sharing.indexOf(version), 1);
    const newest = this.sharing.at(-1) ?? 0;
    for (const { table } of this.registrations.values()) table.setNewestSnapshot(newest);
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
    for (const [, entry] of table.entries()) {
      table.own(entry);
      entry.value = mapStored(table.kind, entry.value, changeStored);
    }
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
    for (const [, entry] of table.entries()) {
      table.own(entry);
      entry.value = mapStored(table.kind, entry.value, change);
    }
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

/** As `withoutExpired`, for the snapshot form of a value; maps are the caller's to change. */
function withoutExpiredForm(kind: StateKind, value: unknown, ttl: TtlClock): unknown {
  if (kind !== "map") return withoutExpired(kind, value, ttl);
  const map = value as Map<unknown, TtlValue<unknown>>;
  for (const [key, wrapped] of map) if (ttl.expired(wrapped)) map.delete(key);
  return map.size === 0 ? undefined : map;
}

function measured(table: StateTable<unknown>): KeyedStateSize {
  try {
    return table.measure();
  } catch (error) {
    throw namingState(error, table.stateName);
  }
}
