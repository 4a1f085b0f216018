/**
 * The keys of one operator: which one is current, and where each has its things.
 *
 * A job over a million keys spends its time looking keys up, and the garbage collector its own on going through them. If each state and each
 * timer queue kept a table of its own, one record of a typical process function (read a value, update it, set a timer) would cost five
 * lookups in tables that fit no cache, and three objects per key. So there is one table from key to *row*, asked once per record, and what a
 * key has are entries of plain arrays, one array (*column*) per state and per timer queue, at the key's row. No object per key is needed.
 *
 * Contents of windows live elsewhere (heap/state-table.ts): there the window is the address and the key comes second.
 *
 * A key has a row exactly while it holds something: reading a key that has nothing leaves no trace. Rows that become free are used again.
 */
import { canonicalKey, type MapKey } from "../base/canonical-key.ts";
import { KeyIndex } from "../base/key-index.ts";
import { invariant } from "../base/invariant.ts";
import { copyValue } from "../types/value-codec.ts";

/** The current key has no row. */
export const NO_ROW = -1;
/** The current key's row has not been asked for. */
const UNKNOWN = -2;

/** What each row has, undefined = nothing; rows that are in no use have nothing. */
export type Column<T = unknown> = (T | undefined)[];

/** The keys of all rows as they were at one moment. */
export class RowKeys {
  private readonly keys: unknown[];
  private detached = false;

  constructor(keys: unknown[]) {
    this.keys = keys;
  }

  at(row: number): unknown {
    return this.keys[row];
  }

  /** Lets go of the program's objects. */
  detach(): void {
    if (this.detached) return;
    this.detached = true;
    const { keys } = this;
    for (let row = 0; row < keys.length; row++) if (typeof keys[row] === "object") keys[row] = copyValue(keys[row]);
  }
}

export class KeyContext {
  currentKey: unknown = undefined;
  /** `canonicalKey(currentKey)`. */
  currentMapKey: MapKey = null;
  /**
   * Rises whenever a key is made current, and so before every use of keyed state or timers: while it stands still, neither has changed.
   */
  uses = 0;
  /** What runs whenever a key is made current (cleanup of expired state). */
  readonly perKey: { run(): void }[] = [];
  private row = UNKNOWN;
  private readonly rows = new KeyIndex();
  private readonly keys: unknown[] = [];
  /** Values and timers that a row holds; 0 = the row is free. */
  private used = new Int32Array(64);
  private readonly free: number[] = [];
  private readonly columns: Column[] = [];
  /** Made when keys had been made current so often. */
  private copied: { readonly uses: number; readonly keys: RowKeys } | null = null;

  /** An array with a place for each row. */
  newColumn<T>(): Column<T> {
    const column: Column<T> = [] as (T | undefined)[];
    for (let row = 0; row < this.keys.length; row++) column.push(undefined);
    this.columns.push(column as Column);
    return column;
  }

  setCurrentKey(key: unknown, mapKey: MapKey): void {
    if (mapKey !== this.currentMapKey) this.row = UNKNOWN;
    this.currentKey = key;
    this.currentMapKey = mapKey;
    this.uses++;
    if (this.perKey.length > 0) for (const task of this.perKey) task.run();
  }

  /** As above when the key's row is known to be this one, or `NO_ROW`. */
  setCurrentKeyAt(key: unknown, mapKey: MapKey, row: number): void {
    this.currentKey = key;
    this.currentMapKey = mapKey;
    this.row = row;
    this.uses++;
    if (this.perKey.length > 0) for (const task of this.perKey) task.run();
  }

  /** Row of the current key, `NO_ROW` when it has nothing. */
  currentRow(): number {
    return this.row !== UNKNOWN ? this.row : this.findRow();
  }

  /** Row of the current key, a new one if need be; `retain` must follow. */
  rowForWriting(): number {
    const row = this.currentRow();
    if (row !== NO_ROW) return row;
    this.row = this.allocate(this.currentKey, this.currentMapKey);
    return this.row;
  }

  /** Row of any key, a new one if need be; `retain` must follow. */
  rowOf(key: unknown, mapKey: MapKey): number {
    const row = this.rows.get(mapKey);
    if (row !== NO_ROW) return row;
    if (this.currentMapKey === mapKey) this.row = UNKNOWN;
    return this.allocate(key, mapKey);
  }

  /** One more value or timer is in the row. */
  retain(row: number): void {
    this.used[row]++;
  }

  /** One value or timer less. True when the row has become free. */
  release(row: number): boolean {
    const left = this.used[row] - 1;
    invariant(left >= 0, "a key gave up more than it held");
    this.used[row] = left;
    if (left > 0) return false;
    this.rows.delete(this.mapKeyAt(row));
    this.keys[row] = undefined;
    this.free.push(row);
    if (row === this.row) this.row = NO_ROW;
    return true;
  }

  /** Whether the row is in use. */
  holds(row: number): boolean {
    return this.used[row] > 0;
  }

  keyAt(row: number): unknown {
    return this.keys[row];
  }

  mapKeyAt(row: number): MapKey {
    const key = this.keys[row];
    return typeof key === "number" ? key : canonicalKey(key);
  }

  /** A copy of the keys of all rows. As long as nothing is used it is the same one. */
  copyKeys(): RowKeys {
    if (this.copied?.uses !== this.uses) this.copied = { uses: this.uses, keys: new RowKeys(this.keys.slice()) };
    return this.copied.keys;
  }

  /** A copy that has been made is not wanted again. */
  forgetCopiedKeys(): void {
    this.copied = null;
  }

  /** Rows there are, free ones included. */
  get rowCount(): number {
    return this.keys.length;
  }

  /** Keys that have a row. */
  get keyCount(): number {
    return this.rows.size;
  }

  private findRow(): number {
    this.row = this.rows.get(this.currentMapKey);
    return this.row;
  }

  private allocate(key: unknown, mapKey: MapKey): number {
    let row = this.free.pop();
    if (row === undefined) {
      row = this.keys.length;
      this.keys.push(key);
      if (row === this.used.length) {
        const grown = new Int32Array(row * 2);
        grown.set(this.used);
        this.used = grown;
      }
      for (const column of this.columns) column.push(undefined);
    } else {
      this.keys[row] = key;
    }
    this.rows.set(mapKey, row);
    return row;
  }
}
