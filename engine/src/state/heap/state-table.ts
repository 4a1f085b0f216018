import type { MapKey } from "../../base/canonical-key.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { serializedSize } from "../../types/value-codec.ts";
import type { StateKind } from "../descriptors.ts";
import type { KeyContext, KeyedStateSize } from "../keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../namespace.ts";
import { storedSize } from "./stored-form.ts";

/** One stored value. States change `value` in place, so an update costs no second lookup. */
export class StateEntry<V> {
  readonly key: unknown;
  readonly namespace: StateNamespace;
  value: V;

  constructor(key: unknown, namespace: StateNamespace, value: V) {
    this.key = key;
    this.namespace = namespace;
    this.value = value;
  }
}

type Entries<V> = Map<MapKey, StateEntry<V>>;

/**
 * The entries of one state: namespace first, then key. Windows come few at a time and in runs, so the entries of the namespace used
 * last are kept at hand and a record costs one lookup by key. Key groups are worked out only when a snapshot or a size asks.
 */
export class StateTable<V> {
  readonly stateName: string;
  readonly kind: StateKind;
  /** True when values are wrapped with the time of their last touch. */
  ttl: boolean;
  private readonly keyContext: KeyContext;
  private readonly tables = new Map<string | number, Entries<V>>();
  private namespace: StateNamespace = VOID_NAMESPACE;
  private current: Entries<V> | undefined;
  private count = 0;
  private peakCount = 0;
  private peakBytes = 0;

  constructor(stateName: string, kind: StateKind, ttl: boolean, keyContext: KeyContext) {
    this.stateName = stateName;
    this.kind = kind;
    this.ttl = ttl;
    this.keyContext = keyContext;
  }

  get size(): number {
    return this.count;
  }

  setCurrentNamespace(namespace: StateNamespace): void {
    if (namespace === this.namespace) return;
    this.namespace = namespace;
    this.current = this.tables.get(namespace.namespaceKey);
  }

  /** The current key's entry in the current namespace. */
  find(): StateEntry<V> | undefined {
    return this.current === undefined ? this.findNothing() : this.current.get(this.keyContext.currentMapKey);
  }

  private findNothing(): undefined {
    if (this.keyContext.currentKey === undefined) throw noKeySet(this.stateName);
    return undefined;
  }

  /** Adds an entry for the current key, which must not have one. */
  insert(value: V): StateEntry<V> {
    const entry = new StateEntry(this.keyContext.currentKey, this.namespace, value);
    if (this.current === undefined) this.current = this.openTable(this.namespace);
    this.current.set(this.keyContext.currentMapKey, entry);
    if (++this.count > this.peakCount) this.peakCount = this.count;
    return entry;
  }

  put(value: V): void {
    const entry = this.find();
    if (entry === undefined) this.insert(value);
    else entry.value = value;
  }

  remove(): void {
    const table = this.current;
    if (table?.delete(this.keyContext.currentMapKey)) {
      this.count--;
      if (table.size === 0) {
        this.tables.delete(this.namespace.namespaceKey);
        this.current = undefined;
      }
    }
  }

  /** Removes and returns the current key's value in some namespace. */
  take(namespace: StateNamespace): StateEntry<V> | undefined {
    this.setCurrentNamespace(namespace);
    const entry = this.find();
    if (entry !== undefined) this.remove();
    return entry;
  }

  /** Puts an entry back as a snapshot held it. */
  restore(mapKey: MapKey, key: unknown, namespace: StateNamespace, value: V): void {
    this.openTable(namespace).set(mapKey, new StateEntry(key, namespace, value));
    this.current = this.tables.get(this.namespace.namespaceKey);
    if (++this.count > this.peakCount) this.peakCount = this.count;
  }

  /** Drops an entry found by iterating, whatever key and namespace are current. */
  removeEntry(mapKey: MapKey, namespace: StateNamespace): void {
    const table = this.tables.get(namespace.namespaceKey);
    if (table?.delete(mapKey)) {
      this.count--;
      if (table.size === 0) {
        this.tables.delete(namespace.namespaceKey);
        if (this.current === table) this.current = undefined;
      }
    }
  }

  *entries(): Generator<[MapKey, StateEntry<V>]> {
    for (const table of this.tables.values()) yield* table;
  }

  entriesIn(namespace: StateNamespace): StateEntry<V>[] {
    return [...(this.tables.get(namespace.namespaceKey)?.values() ?? [])];
  }

  /**
   * Current sizes. The peak is exact in entries; in bytes it is the largest of all measurements, scaled up when the number of
   * entries was higher between two of them.
   */
  measure(): KeyedStateSize {
    let bytes = 0;
    for (const table of this.tables.values()) {
      for (const entry of table.values())
        bytes += serializedSize(entry.key) + namespaceSize(entry.namespace) + storedSize(this.kind, this.ttl, entry.value);
    }
    const scaled = this.count === 0 ? 0 : Math.round((bytes / this.count) * this.peakCount);
    this.peakBytes = Math.max(this.peakBytes, bytes, scaled);
    return { stateName: this.stateName, entries: this.count, bytes, peakBytes: this.peakBytes };
  }

  private openTable(namespace: StateNamespace): Entries<V> {
    let table = this.tables.get(namespace.namespaceKey);
    if (table === undefined) {
      table = new Map();
      this.tables.set(namespace.namespaceKey, table);
    }
    return table;
  }
}

function noKeySet(stateName: string): Diagnostic {
  return new Diagnostic({
    code: "STATE_WITHOUT_CURRENT_KEY",
    message: `Keyed state "${stateName}" was read or written while no record was being processed, so there is no current key.`,
    phase: "runtime",
    expected: "state access in processElement, onTimer, map, … ",
    hint: "In open() only obtain the state handle; read and write it per record.",
  });
}

/** A window is two longs; no namespace takes no space. */
function namespaceSize(namespace: StateNamespace): number {
  return namespace === VOID_NAMESPACE ? 0 : 16;
}
