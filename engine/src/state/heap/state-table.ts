import type { MapKey } from "../../base/canonical-key.ts";
import { namingState } from "../../types/unserializable.ts";
import { serializedSize } from "../../types/value-codec.ts";
import type { StateKind } from "../descriptors.ts";
import { type Column, type KeyContext, NO_ROW } from "../key-context.ts";
import type { KeyedStateSize } from "../keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../namespace.ts";
import { noKeySet } from "../state-mistakes.ts";
import { NamespaceTable } from "./namespace-table.ts";
import { copyStored, storedSize } from "./stored-form.ts";

/** Where a state keeps its value for one address. States change `value` in place, so an update costs no second lookup. */
export interface StateCell<V = unknown> {
  readonly key: unknown;
  readonly namespace: StateNamespace;
  value: V;
}

/** A value of a window. `find` answers with one and the same cell each time, pointed at the current place. */
class WindowCell<V> implements StateCell<V> {
  table: NamespaceTable<V> | undefined;
  place: number;

  constructor(table: NamespaceTable<V> | undefined, place: number) {
    this.table = table;
    this.place = place;
  }

  get key(): unknown {
    return this.table?.keys[this.place];
  }

  get namespace(): StateNamespace {
    return this.table === undefined ? VOID_NAMESPACE : this.table.namespace;
  }

  get value(): V {
    return (this.table as NamespaceTable<V>).values[this.place];
  }

  set value(value: V) {
    (this.table as NamespaceTable<V>).values[this.place] = value;
  }
}

/** A value in a key's row. `find` answers with one and the same cell each time, pointed at the current row. */
class RowCell<V> implements StateCell<V> {
  row: number;
  private readonly keyContext: KeyContext;
  private readonly column: Column<V>;

  constructor(keyContext: KeyContext, column: Column<V>, row: number) {
    this.keyContext = keyContext;
    this.column = column;
    this.row = row;
  }

  get key(): unknown {
    return this.keyContext.keyAt(this.row);
  }

  get namespace(): StateNamespace {
    return VOID_NAMESPACE;
  }

  get value(): V {
    return this.column[this.row] as V;
  }

  set value(value: V) {
    this.column[this.row] = value;
  }
}

/** Entries of a state, as they were at one moment: key, namespace and value side by side. */
export interface EntryArrays {
  /** null = those of the operator's rows, and the index is a row. */
  readonly keys: unknown[] | null;
  /** null = none of them has one. */
  readonly namespaces: readonly StateNamespace[] | null;
  /** undefined = no entry. */
  readonly values: unknown[];
}

/**
 * The values of one state.
 *
 * Without a namespace they are in the rows of their keys (state/key-context.ts), which all states and timers of an operator share. With one:
 * namespace first, then key. Windows come few at a time and in runs, so the entries of the namespace used last are kept at hand and a
 * record costs one lookup by key. Key groups are worked out only when a snapshot or a size asks.
 *
 * Copying on write (Flink: `CopyOnWriteStateMap`). A snapshot takes the arrays' references and leaves the objects where they are. From then until it
 * is done with, whoever is about to get hold of an object, to read or to change it, makes the table put a copy in its place first: the snapshot
 * keeps the original. Snapshots have ascending versions, and each place remembers the newest one that it was copied for, so this happens once per
 * place and snapshot. A value that is written is the table's own at once, and numbers and texts need no copy.
 */
export class StateTable<V> {
  readonly stateName: string;
  readonly kind: StateKind;
  /** True when values are wrapped with the time of their last touch. */
  ttl: boolean;
  private readonly keyContext: KeyContext;
  private readonly column: Column<V>;
  private readonly cell: RowCell<V>;
  private readonly tables = new Map<string | number, NamespaceTable<V>>();
  private namespace: StateNamespace = VOID_NAMESPACE;
  private inRows = true;
  private current: NamespaceTable<V> | undefined;
  private readonly windowCell = new WindowCell<V>(undefined, -1);
  private count = 0;
  private peakCount = 0;
  private peakBytes = 0;
  /** Version of the newest snapshot that is alive, 0 = none is. */
  private required = 0;
  /** By row: version of the newest snapshot that does not share the value. Missing = 0. */
  private versions: number[] = [];

  constructor(stateName: string, kind: StateKind, ttl: boolean, keyContext: KeyContext) {
    this.stateName = stateName;
    this.kind = kind;
    this.ttl = ttl;
    this.keyContext = keyContext;
    this.column = keyContext.newColumn();
    this.cell = new RowCell(keyContext, this.column, NO_ROW);
  }

  get size(): number {
    return this.count;
  }

  setCurrentNamespace(namespace: StateNamespace): void {
    if (namespace === this.namespace) return;
    this.namespace = namespace;
    this.inRows = namespace.namespaceKey === VOID_NAMESPACE.namespaceKey;
    this.current = this.inRows ? undefined : this.tables.get(namespace.namespaceKey);
  }

  /** The current key's cell in the current namespace. */
  find(): StateCell<V> | undefined {
    if (this.inRows) {
      const { keyContext } = this;
      if (keyContext.currentKey === undefined) throw noKeySet(this.stateName);
      return this.cellAt(keyContext.currentRow());
    }
    const { current } = this;
    if (current === undefined) return this.findNothing();
    const place = current.placeOf(this.keyContext.currentMapKey);
    if (place < 0) return undefined;
    if (this.required !== 0) this.ownIn(current, place);
    return this.cellOf(current, place);
  }

  /**
   * For states that fold: where the current key's value is in `array`, −1 when it has none. Valid until the next call.
   */
  locate(): number {
    const place = this.place();
    if (this.required !== 0 && place >= 0) this.ownAt(place);
    return place;
  }

  private place(): number {
    const { keyContext } = this;
    if (keyContext.currentKey === undefined) throw noKeySet(this.stateName);
    if (this.inRows) {
      const row = keyContext.currentRow();
      return row === NO_ROW || this.column[row] === undefined ? -1 : row;
    }
    return this.current === undefined ? -1 : this.current.placeOf(keyContext.currentMapKey);
  }

  /** What `locate` points into. */
  get array(): (V | undefined)[] {
    return this.inRows || this.current === undefined ? this.column : this.current.values;
  }

  private findNothing(): undefined {
    if (this.keyContext.currentKey === undefined) throw noKeySet(this.stateName);
    return undefined;
  }

  /** Adds a value for the current key, which must not have one. `undefined` would mean absent and is kept as null. */
  insert(value: V): StateCell<V> {
    const stored = value === undefined ? (null as V) : value;
    if (++this.count > this.peakCount) this.peakCount = this.count;
    if (this.inRows) return this.putAt(this.keyContext.rowForWriting(), stored);
    if (this.current === undefined) this.current = this.openTable(this.namespace);
    const place = this.current.add(this.keyContext.currentKey, this.keyContext.currentMapKey, stored);
    if (this.required !== 0 && typeof stored === "object") this.isOwnIn(this.current, place);
    return this.cellOf(this.current, place);
  }

  put(value: V): void {
    const place = this.place();
    if (place < 0) {
      this.insert(value);
      return;
    }
    this.array[place] = value;
    if (this.required !== 0) this.isOwnAt(place);
  }

  remove(): void {
    if (this.inRows) {
      if (this.keyContext.currentKey === undefined) throw noKeySet(this.stateName);
      this.removeAt(this.keyContext.currentRow());
      return;
    }
    if (this.current !== undefined) this.removeFrom(this.current, this.keyContext.currentMapKey);
  }

  /** Removes and returns the current key's value in some namespace. */
  take(namespace: StateNamespace): { readonly value: V } | undefined {
    this.setCurrentNamespace(namespace);
    const cell = this.find();
    if (cell === undefined) return undefined;
    const { value } = cell;
    this.remove();
    return { value };
  }

  /** Puts a value back as a snapshot held it. */
  restore(mapKey: MapKey, key: unknown, namespace: StateNamespace, value: V): void {
    if (++this.count > this.peakCount) this.peakCount = this.count;
    if (namespace.namespaceKey === VOID_NAMESPACE.namespaceKey) {
      this.putAt(this.keyContext.rowOf(key, mapKey), value);
      return;
    }
    this.openTable(namespace).add(key, mapKey, value);
    if (!this.inRows) this.current = this.tables.get(this.namespace.namespaceKey);
  }

  // ---- Copying on write ----

  /** The entries as they are now. Their objects stay the table's too, until it is told that no snapshot up to this version is alive. */
  share(version: number): EntryArrays[] {
    if (this.count === 0) return [];
    this.required = version;
    let inTables = 0;
    for (const { size } of this.tables.values()) inTables += size;
    const arrays: EntryArrays[] = [];
    if (inTables < this.count) arrays.push({ keys: null, namespaces: null, values: this.column.slice() });
    if (inTables > 0) arrays.push(this.windowEntries(inTables));
    return arrays;
  }

  private windowEntries(count: number): EntryArrays {
    const keys = new Array<unknown>(count);
    const namespaces = new Array<StateNamespace>(count);
    const values = new Array<unknown>(count);
    let index = 0;
    for (const table of this.tables.values()) {
      for (let place = 0; place < table.size; place++, index++) {
        keys[index] = table.keys[place];
        namespaces[index] = table.namespace;
        values[index] = table.values[place];
      }
    }
    return { keys, namespaces, values };
  }

  /** @param version of the newest snapshot that is alive, 0 = none is. */
  setNewestSnapshot(version: number): void {
    this.required = version;
    if (version === 0 && this.versions.length > 0) this.versions = [];
  }

  /** Before the value of an entry found by iterating is changed in place. */
  own(cell: StateCell<V>): void {
    if (this.required === 0) return;
    if (cell instanceof RowCell) this.ownRow(cell.row);
    else if (cell instanceof WindowCell && cell.table !== undefined) this.ownIn(cell.table, cell.place);
  }

  private ownAt(place: number): void {
    if (this.inRows || this.current === undefined) this.ownRow(place);
    else this.ownIn(this.current, place);
  }

  private isOwnAt(place: number): void {
    if (this.inRows || this.current === undefined) this.isOwnRow(place);
    else this.isOwnIn(this.current, place);
  }

  private ownRow(row: number): void {
    if (row < this.versions.length && this.versions[row] >= this.required) return;
    this.isOwnRow(row);
    this.column[row] = this.copyOf(this.column[row] as V);
  }

  private isOwnRow(row: number): void {
    const { versions } = this;
    while (versions.length <= row) versions.push(0);
    versions[row] = this.required;
  }

  private ownIn(table: NamespaceTable<V>, place: number): void {
    if (table.versions !== null && table.versions[place] >= this.required) return;
    this.isOwnIn(table, place);
    table.values[place] = this.copyOf(table.values[place]);
  }

  private isOwnIn(table: NamespaceTable<V>, place: number): void {
    table.versions ??= new Array<number>(table.size).fill(0);
    table.versions[place] = this.required;
  }

  private copyOf(value: V): V {
    if (typeof value !== "object" || value === null) return value;
    try {
      return copyStored(this.kind, this.ttl, value) as V;
    } catch (error) {
      throw namingState(error, this.stateName);
    }
  }

  /** Drops an entry found by iterating, whatever key and namespace are current. */
  removeEntry(mapKey: MapKey, cell: StateCell<V>): void {
    const { namespace } = cell;
    if (namespace.namespaceKey === VOID_NAMESPACE.namespaceKey) {
      this.removeAt((cell as RowCell<V>).row);
      return;
    }
    const table = this.tables.get(namespace.namespaceKey);
    if (table !== undefined) this.removeFrom(table, mapKey);
  }

  *entries(): Generator<[MapKey, StateCell<V>]> {
    const { keyContext, column } = this;
    for (let row = 0; row < keyContext.rowCount; row++) {
      if (column[row] !== undefined) yield [keyContext.mapKeyAt(row), new RowCell(keyContext, column, row)];
    }
    for (const table of this.tables.values()) {
      for (let place = 0; place < table.size; place++) yield [table.mapKeys[place], new WindowCell(table, place)];
    }
  }

  /** Keys that have a value in a namespace. */
  keysIn(namespace: StateNamespace): unknown[] {
    if (namespace.namespaceKey !== VOID_NAMESPACE.namespaceKey) {
      return [...(this.tables.get(namespace.namespaceKey)?.keys ?? [])];
    }
    const { keyContext, column } = this;
    const keys: unknown[] = [];
    for (let row = 0; row < keyContext.rowCount; row++) if (column[row] !== undefined) keys.push(keyContext.keyAt(row));
    return keys;
  }

  /** Serialized size of all entries. */
  private bytes(): number {
    const { keyContext, column, kind, ttl } = this;
    let bytes = 0;
    for (let row = 0; row < keyContext.rowCount; row++) {
      const value = column[row];
      if (value !== undefined) bytes += serializedSize(keyContext.keyAt(row)) + storedSize(kind, ttl, value);
    }
    for (const { namespace, keys, values } of this.tables.values()) {
      const namespaceBytes = namespaceSize(namespace);
      for (let place = 0; place < keys.length; place++) {
        bytes += serializedSize(keys[place]) + namespaceBytes + storedSize(kind, ttl, values[place]);
      }
    }
    return bytes;
  }

  /** Serialized size of an entry. */
  bytesOf({ key, namespace, value }: StateCell<V>): number {
    return serializedSize(key) + namespaceSize(namespace) + storedSize(this.kind, this.ttl, value);
  }

  /**
   * Current sizes. The peak is exact in entries; in bytes it is the largest of all measurements, scaled up when the number of
   * entries was higher between two of them.
   */
  measure(): KeyedStateSize {
    const bytes = this.count === 0 ? 0 : this.bytes();
    const scaled = this.count === 0 ? 0 : Math.round((bytes / this.count) * this.peakCount);
    this.peakBytes = Math.max(this.peakBytes, bytes, scaled);
    return { stateName: this.stateName, entries: this.count, bytes, peakBytes: this.peakBytes };
  }

  private cellOf(table: NamespaceTable<V>, place: number): StateCell<V> {
    const { windowCell } = this;
    windowCell.table = table;
    windowCell.place = place;
    return windowCell;
  }

  private removeFrom(table: NamespaceTable<V>, mapKey: MapKey): void {
    const place = table.placeOf(mapKey);
    if (place < 0) return;
    table.removeAt(place);
    this.count--;
    if (table.size > 0) return;
    this.tables.delete(table.namespace.namespaceKey);
    if (this.current === table) this.current = undefined;
  }

  private cellAt(row: number): StateCell<V> | undefined {
    if (row === NO_ROW || this.column[row] === undefined) return undefined;
    if (this.required !== 0) this.ownRow(row);
    this.cell.row = row;
    return this.cell;
  }

  private putAt(row: number, value: V): StateCell<V> {
    this.keyContext.retain(row);
    this.column[row] = value;
    if (this.required !== 0) this.isOwnRow(row);
    this.cell.row = row;
    return this.cell;
  }

  private removeAt(row: number): void {
    if (row === NO_ROW || this.column[row] === undefined) return;
    this.column[row] = undefined;
    this.count--;
    this.keyContext.release(row);
  }

  private openTable(namespace: StateNamespace): NamespaceTable<V> {
    let table = this.tables.get(namespace.namespaceKey);
    if (table === undefined) {
      table = new NamespaceTable(namespace);
      this.tables.set(namespace.namespaceKey, table);
    }
    return table;
  }
}

/** A window is two longs; no namespace takes no space. */
function namespaceSize(namespace: StateNamespace): number {
  return namespace === VOID_NAMESPACE ? 0 : 16;
}
