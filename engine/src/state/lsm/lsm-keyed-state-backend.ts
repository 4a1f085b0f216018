/**
 * Keyed state as bytes in a log-structured store (Flink: `EmbeddedRocksDBStateBackend`), one column family per state.
 *
 * What a learner meets is what RocksDB shows: every read decodes and every write encodes, so a value changed without `update` is not changed; maps
 * iterate in the order of their serialized keys; adding to a list reads nothing; expired state goes in compactions; a checkpoint writes the
 * write buffers out as tables and refers to tables, and an incremental one uploads those that no completed checkpoint has.
 *
 * Timers stay in the queues on the heap (flow/timer-queue.ts) and go into snapshots by key group: Flink's `timer-service.factory: HEAP`.
 */
import { canonicalKey } from "../../base/canonical-key.ts";
import { invariant } from "../../base/invariant.ts";
import type { KeyGroupRange } from "../../base/key-groups.ts";
import { UNTYPED } from "../../types/type-serializer.ts";
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
import { timerBytes } from "../snapshot-size.ts";
import type { KeyedSnapshot, KeyedStateSnapshot } from "../snapshot.ts";
import type { State } from "../state.ts";
import { StateSchemas } from "../state-schemas.ts";
import { keyIsNull, kindChanged } from "../state-mistakes.ts";
import type { TimersOfSnapshot } from "../timers-of-snapshot.ts";
import { TtlClock, type TtlValue } from "../ttl-clock.ts";
import { ColumnFamily } from "./column-family.ts";
import { CompactionFilter } from "./compaction-filter.ts";
import { compareBytes, writeKey, writeNamespace } from "./key-codec.ts";
import { type BackendTables, LsmKeyedSnapshot, statesOf } from "./lsm-keyed-snapshot.ts";
import { LsmListState } from "./lsm-list-state.ts";
import { LsmMapState } from "./lsm-map-state.ts";
import { DEFAULT_LSM_OPTIONS, type LsmOptions } from "./lsm-options.ts";
import { LsmAggregatingState, LsmReducingState, LsmValueState } from "./lsm-single-states.ts";
import { LsmStore } from "./lsm-store.ts";
import type { Piece } from "./merging-scan.ts";
import { UploadedTables } from "./uploaded-tables.ts";

interface Registration {
  readonly family: ColumnFamily;
  /** undefined while only a restored snapshot knows of the state. */
  state: (State & InternalState) | undefined;
}

export class LsmKeyedStateBackend implements KeyedStateBackend {
  readonly keyContext = new KeyContext();
  schemas = new StateSchemas({ stateBackend: "rocksdb", key: UNTYPED, classNames: undefined });
  readonly handsOutReferences = false;
  readonly snapshotsDependOnTime = false;
  readonly store: LsmStore;
  /** Told of every column family that comes into being. */
  onColumnFamily: (family: ColumnFamily) => void = () => {};
  private readonly maxParallelism: number;
  private readonly keyGroups: KeyGroupRange;
  private readonly ttlNow: () => number;
  private readonly registrations = new Map<string, Registration>();
  private readonly uploaded = new UploadedTables();
  /** As they were when keys had been made current so often. */
  private lastSizes: { readonly uses: number; readonly sizes: KeyedStateSize[] } | null = null;

  /**
   * @param ttlNow the clock that time to live reads, epoch ms.
   * @param keyGroups those that this subtask owns.
   */
  constructor(
    maxParallelism: number,
    ttlNow: () => number,
    keyGroups: KeyGroupRange = { start: 0, end: maxParallelism - 1 },
    options: LsmOptions = DEFAULT_LSM_OPTIONS,
  ) {
    this.maxParallelism = maxParallelism;
    this.keyGroups = keyGroups;
    this.ttlNow = ttlNow;
    this.store = new LsmStore(options, this.keyContext, maxParallelism);
  }

  setCurrentKey(key: unknown): void {
    if (key === null || key === undefined) throw keyIsNull();
    this.keyContext.setCurrentKey(key, canonicalKey(key));
  }

  getState<S extends State>(descriptor: StateDescriptor<S>): S & InternalState {
    this.keyContext.uses++;
    const registration = this.register(descriptor.name, descriptor.kind, descriptor.getTtlConfig() !== undefined);
    if (registration.family.kind !== descriptor.kind) throw kindChanged(descriptor, registration.family.kind);
    registration.state ??= this.createState(registration.family, descriptor);
    return registration.state as S & InternalState;
  }

  snapshot(checkpointId: number, timersNow: TimersOfSnapshot): KeyedBackendSnapshot {
    const timers = timersNow.byKeyGroup();
    for (const { family } of this.registrations.values()) family.flush();
    const families = this.families();
    const { shapes, options } = this.store;
    const parts = families.every(({ levels }) => levels.isEmpty)
      ? []
      : [
          {
            shapes,
            shapeCount: shapes.size,
            families: families.map(({ stateName, kind, ttl, levels }) => ({ stateName, kind, ttl, levels: levels.view })),
          },
        ];
    const bytesOfTimers = timerBytes(timers);
    if (parts.length === 0 && timers.size === 0) return { keyed: null, keyGroups: [], bytes: 0, uploadedBytes: 0 };
    const keyed = new LsmKeyedSnapshot(this.maxParallelism, parts, timers);
    const keyGroups = new Set(timers.keys());
    for (const view of keyed.views()) addGroups(keyGroups, view.table.groups(view.from, view.to));
    const newBytes = this.uploaded.register(checkpointId, keyed.tables());
    if (options.incremental) {
      return { keyed, keyGroups, bytes: keyed.tableBytes + bytesOfTimers, uploadedBytes: newBytes + bytesOfTimers };
    }
    // What a full snapshot writes: every key and value once.
    let bytes = bytesOfTimers;
    for (const size of this.sizes()) bytes += size.bytes;
    return { keyed, keyGroups, bytes, uploadedBytes: bytes };
  }

  restore(keyed: KeyedSnapshot, checkpointId: number | undefined): void {
    this.keyContext.uses++;
    if (!(keyed instanceof LsmKeyedSnapshot)) {
      for (const { states } of keyed.groups.values()) this.restoreStates(states);
      return;
    }
    const { shapes } = this.store;
    for (const part of keyed.parts) {
      if (shapes.size === 0) shapes.copyFrom(part.shapes, part.shapeCount);
      if (shapes.agreesWith(part.shapes, part.shapeCount)) this.adopt(part);
      else for (const states of statesOf(part).values()) this.restoreStates(states);
    }
    // Rescaled, a backend begins anew, as in Flink: only what it has as it was written is known to be stored.
    const asWritten = keyed.parts.length === 1 && [...keyed.views()].every(({ isWhole }) => isWhole);
    if (asWritten && checkpointId !== undefined) this.uploaded.restored(checkpointId, keyed.tables());
  }

  migrateState(stateName: string, change: (value: unknown) => unknown): void {
    const family = this.registrations.get(stateName)?.family;
    if (family === undefined) return;
    this.keyContext.uses++;
    const { store } = this;
    const { reader } = store;
    family.rewrite((pieces) => {
      const target = store.beginValue(undefined);
      forEachValue(family, pieces, (piece, start) => {
        reader.at(piece.bytes, start);
        if (family.ttl) target.double(reader.double());
        const value = reader.value();
        const end = reader.position;
        store.writeValue(change(value));
        return end;
      });
    });
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.uploaded.completed(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.uploaded.aborted(checkpointId);
  }

  keysOf(stateName: string, namespace: StateNamespace): unknown[] {
    const family = this.registrations.get(stateName)?.family;
    if (family === undefined) return [];
    const { addresses, shapes } = this.store;
    const wanted = this.store.beginValue(undefined);
    writeNamespace(wanted, shapes, namespace);
    const suffix = wanted.finish();
    const keys: unknown[] = [];
    let last = new Uint8Array(0);
    for (const scan = family.scan(); scan.nextValue(); ) {
      const { keyBytes, keyStart, keyEnd } = scan;
      const key = addresses.at(keyBytes, keyStart).key();
      const keyLength = addresses.position - keyStart;
      if (keyEnd < addresses.position + suffix.length) continue;
      if (compareBytes(keyBytes, addresses.position, addresses.position + suffix.length, suffix, 0, suffix.length) !== 0) continue;
      if (last.length === keyLength && compareBytes(keyBytes, keyStart, keyStart + keyLength, last, 0, keyLength) === 0) continue;
      last = keyBytes.slice(keyStart, keyStart + keyLength);
      keys.push(key);
    }
    return keys;
  }

  numEntries(): number {
    let count = 0;
    for (const family of this.families()) family.measure((_keyGroup, entries) => (count += entries));
    return count;
  }

  sizes(): KeyedStateSize[] {
    const { uses } = this.keyContext;
    if (this.lastSizes?.uses !== uses) this.lastSizes = { uses, sizes: this.measureFamilies() };
    return this.lastSizes.sizes;
  }

  private measureFamilies(): KeyedStateSize[] {
    return this.families().map((family) => {
      let entries = 0;
      let bytes = 0;
      family.measure((_keyGroup, more, moreBytes) => {
        entries += more;
        bytes += moreBytes;
      });
      family.peakBytes = Math.max(family.peakBytes, bytes);
      return { stateName: family.stateName, entries, bytes, peakBytes: family.peakBytes };
    });
  }

  sizesByKeyGroup(): KeyGroupSize[] {
    return this.families().flatMap((family) => {
      const totals = new KeyGroupTotals();
      family.measure((keyGroup, entries, bytes) => totals.add(keyGroup, entries, bytes));
      return totals.of(family.stateName);
    });
  }

  /** Its column families, in the order in which their states were first known. */
  families(): ColumnFamily[] {
    return [...this.registrations.values()].map(({ family }) => family);
  }

  private register(stateName: string, kind: StateKind, ttl: boolean): Registration {
    let registration = this.registrations.get(stateName);
    if (registration === undefined) {
      registration = { family: new ColumnFamily(stateName, kind, ttl, this.store), state: undefined };
      this.registrations.set(stateName, registration);
      this.onColumnFamily(registration.family);
    }
    return registration;
  }

  private adopt({ families }: BackendTables): void {
    for (const { stateName, kind, ttl, levels } of families) {
      const { family } = this.register(stateName, kind, ttl);
      invariant(family.kind === kind && family.ttl === ttl, `state "${stateName}" was stored in two ways`);
      family.levels.adopt(levels, this.keyGroups);
    }
  }

  private restoreStates(states: readonly KeyedStateSnapshot[]): void {
    for (const { stateName, kind, ttl, entries } of states) {
      const { family } = this.register(stateName, kind as StateKind, ttl === true);
      for (const { key, namespace, value } of entries) this.restoreEntry(family, key, namespace as StateNamespace, value);
    }
  }

  private restoreEntry(family: ColumnFamily, key: unknown, namespace: StateNamespace, value: unknown): void {
    const { store } = this;
    store.pointAtKey(key);
    writeNamespace(store.key, store.shapes, namespace);
    if (family.kind !== "map") {
      store.beginValue(undefined);
      if (family.kind === "list") for (const element of value as unknown[]) this.encodeStored(family, element);
      else this.encodeStored(family, value);
      family.put();
      return;
    }
    const prefixLength = store.key.length;
    for (const [mapKey, element] of value as Map<unknown, unknown>) {
      store.key.truncate(prefixLength);
      writeKey(store.key, store.shapes, mapKey);
      store.beginValue(undefined);
      this.encodeStored(family, element);
      family.put(prefixLength);
    }
  }

  /** Adds a value as snapshots have it to that in the store. */
  private encodeStored({ ttl }: ColumnFamily, stored: unknown): void {
    const { store } = this;
    if (!ttl) {
      store.writeValue(stored);
      return;
    }
    const { value, lastAccessMs } = stored as TtlValue<unknown>;
    store.value.double(lastAccessMs);
    store.writeValue(value);
  }

  private createState(family: ColumnFamily, descriptor: StateDescriptor): State & InternalState {
    const { store } = this;
    const config = descriptor.getTtlConfig();
    const change = this.schemas.register(descriptor);
    this.adaptTimeToLive(family, config !== undefined);
    if (change !== null) this.migrateState(descriptor.name, change);
    const ttl = config === undefined ? null : new TtlClock(config, this.ttlNow);
    if (config?.compactFilter !== undefined) {
      const { queryTimeAfterNumEntries } = config.compactFilter;
      const settings = { ttlMs: config.ttlMs, now: this.ttlNow, queryAfterEntries: queryTimeAfterNumEntries, list: family.kind === "list" };
      family.filter = new CompactionFilter(settings, store.shapes);
    }
    switch (descriptor.kind) {
      case "value":
        return new LsmValueState(family, store, ttl, (descriptor as unknown as ValueStateDescriptor<unknown>).defaultValue);
      case "list":
        return new LsmListState(family, store, ttl);
      case "map":
        return new LsmMapState(family, store, ttl);
      case "reducing":
        return new LsmReducingState(family, store, ttl, (descriptor as unknown as ReducingStateDescriptor<unknown>).reduceFunction);
      case "aggregating": {
        const { aggregateFunction } = descriptor as unknown as AggregatingStateDescriptor<unknown, unknown, unknown>;
        return new LsmAggregatingState(family, store, ttl, aggregateFunction);
      }
    }
  }

  /** A restored state may have been written without time to live, or with it: its entries start (or stop) ageing now. */
  private adaptTimeToLive(family: ColumnFamily, wanted: boolean): void {
    if (family.ttl === wanted) return;
    const { store } = this;
    const { reader } = store;
    const now = this.ttlNow();
    family.rewrite((pieces) => {
      const target = store.beginValue(undefined);
      forEachValue(family, pieces, (piece, start) => {
        reader.at(piece.bytes, start);
        if (wanted) target.double(now);
        else reader.double();
        const from = reader.position;
        reader.value();
        target.slice(piece.bytes, from, reader.position);
        return reader.position;
      });
    });
    family.ttl = wanted;
  }
}

/** Calls with each value in the pieces: the one, or the elements of a list. `use` says where the value ends. */
function forEachValue(family: ColumnFamily, pieces: readonly Piece[], use: (piece: Piece, start: number) => number): void {
  for (const piece of pieces) {
    if (family.kind !== "list") {
      use(piece, piece.start);
      return;
    }
    for (let start = piece.start; start < piece.end; ) start = use(piece, start);
  }
}

function addGroups(all: Set<number>, groups: Iterable<number>): void {
  for (const group of groups) all.add(group);
}
