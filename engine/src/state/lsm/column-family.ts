/** One state as a log-structured store: a write buffer over levels of sorted tables (RocksDB calls it a column family). */
import type { StateKind } from "../descriptors.ts";
import type { CompactionFilter } from "./compaction-filter.ts";
import { compareBytes, groupAt } from "./key-codec.ts";
import { LevelTree } from "./level-tree.ts";
import type { LsmStore } from "./lsm-store.ts";
import { Memtable, type MemtableForm } from "./memtable.ts";
import { MemtableCursor, MergingScan, type Piece } from "./merging-scan.ts";
import { DELETE, MERGE, PUT } from "./record-kind.ts";
import { SortedTableBuilder, TableView } from "./sorted-table.ts";

/** Write buffers smaller than this are not worth tidying. */
const TIDY_MIN_BYTES = 256 * 1024;

export class ColumnFamily {
  readonly stateName: string;
  readonly kind: StateKind;
  /** True when values carry the time of their last touch. */
  ttl: boolean;
  /** Leaves expired values out of compactions; null = nothing expires, or not so. */
  filter: CompactionFilter | null = null;
  readonly levels: LevelTree;
  memtable: Memtable;
  peakBytes = 0;
  /** Where `find` has found a value. */
  foundBytes: Uint8Array = new Uint8Array(0);
  foundStart = 0;
  private foundInTables = false;
  private readonly store: LsmStore;
  private readonly form: MemtableForm;
  private tidyAtBytes: number;

  constructor(stateName: string, kind: StateKind, ttl: boolean, store: LsmStore) {
    this.stateName = stateName;
    this.kind = kind;
    this.ttl = ttl;
    this.store = store;
    this.form = kind === "list" ? "chained" : kind === "map" ? "linked" : "plain";
    this.memtable = new Memtable(this.form);
    this.levels = new LevelTree(store.options, store.cache, store.counters);
    this.tidyAtBytes = Math.min(TIDY_MIN_BYTES, store.options.writeBufferBytes);
  }

  /** Looks for the value of the address in the store; not for lists. */
  find(): boolean {
    const { key } = this.store;
    const { memtable } = this;
    const entry = memtable.find(key.bytes, key.length);
    if (entry !== 0) {
      if (memtable.kindOf(entry) === DELETE) return false;
      this.foundBytes = memtable.bytes;
      this.foundStart = memtable.valueStart(entry);
      this.store.counters.bytesRead += memtable.valueLength(entry);
      return true;
    }
    if (this.levels.isEmpty) return false;
    this.foundInTables = false;
    this.levels.search(key.bytes, key.length, this.found);
    return this.foundInTables;
  }

  private readonly found = (view: TableView, index: number): boolean => {
    const { table } = view;
    this.foundInTables = table.kinds[index] !== DELETE;
    this.foundBytes = table.data;
    this.foundStart = table.keyEnd(index);
    this.store.counters.bytesRead += table.valueEnd(index) - this.foundStart;
    return true;
  };

  /** The pieces of the list at the address in the store, first to last; null when there is none. */
  findPieces(): Piece[] | null {
    const { key } = this.store;
    const { memtable } = this;
    const entry = memtable.find(key.bytes, key.length);
    const newest: Piece[] = [];
    if (entry !== 0) {
      const kind = memtable.kindOf(entry);
      if (kind === DELETE) return null;
      new MemtableCursor(memtable, [entry]).pieces(newest);
      if (kind === PUT) return newest;
    }
    const older: Piece[] = [];
    let present = entry !== 0;
    this.levels.search(key.bytes, key.length, ({ table }, index) => {
      const kind = table.kinds[index];
      if (kind === DELETE) return true;
      present = true;
      older.unshift({ bytes: table.data, start: table.keyEnd(index), end: table.valueEnd(index) });
      return kind === PUT;
    });
    return present ? [...older, ...newest] : null;
  }

  /** Whether the write buffer, or, without tables, anything, says that the address has a value. False = perhaps not. */
  isSurelyPresent(): boolean {
    const { key } = this.store;
    const entry = this.memtable.find(key.bytes, key.length);
    return entry !== 0 && this.memtable.kindOf(entry) !== DELETE;
  }

  /** Stores the value in the store at the address in the store. @param prefixLength how much of it is that of a whole map. */
  put(prefixLength = 0): void {
    const { key, value, counters } = this.store;
    counters.bytesWritten += key.length + value.length;
    this.memtable.put(key.bytes, key.length, value.bytes, value.length, prefixLength);
    if (this.memtable.sizeBytes >= this.tidyAtBytes) this.relieve();
  }

  /** Appends the elements in the store to the list at the address in the store. */
  append(): void {
    const { key, value, counters } = this.store;
    counters.bytesWritten += key.length + value.length;
    this.memtable.append(key.bytes, key.length, value.bytes, value.length);
    if (this.memtable.sizeBytes >= this.tidyAtBytes) this.relieve();
  }

  remove(prefixLength = 0): void {
    const { key, counters } = this.store;
    const entry = this.memtable.find(key.bytes, key.length);
    if (entry !== 0) {
      this.memtable.removeEntry(entry);
      return;
    }
    if (this.levels.isEmpty) return;
    counters.bytesWritten += key.length;
    this.memtable.remove(key.bytes, key.length, prefixLength);
    if (this.memtable.sizeBytes >= this.tidyAtBytes) this.relieve();
  }

  /** All values, in the order of their addresses. */
  scan(): MergingScan {
    const cursors = this.levels.cursors();
    if (this.memtable.isEmpty) return new MergingScan(cursors);
    return new MergingScan([new MemtableCursor(this.memtable, this.memtable.sorted()), ...cursors]);
  }

  /** The entries of the map whose address is in the store, in the order of their keys. */
  scanMap(): MergingScan {
    const { key } = this.store;
    const own = new MemtableCursor(this.memtable, this.memtable.entriesOf(key.bytes, key.length));
    if (this.levels.isEmpty) return new MergingScan([own]);
    return new MergingScan([own, ...this.levels.cursors(key.bytes.slice(0, key.length))]);
  }

  /** Writes the write buffer out as a table, and merges tables where there are too many. */
  flush(): void {
    if (!this.memtable.isEmpty) {
      const oldest = this.levels.isEmpty;
      const { memtable } = this;
      const cursor = new MemtableCursor(memtable, memtable.sorted());
      const builder = new SortedTableBuilder();
      const pieces: Piece[] = [];
      for (; !cursor.done; cursor.advance()) {
        const kind = cursor.kind;
        if (kind === DELETE) {
          if (!oldest) builder.addKey(cursor.keyBytes, cursor.keyStart, cursor.keyEnd, DELETE);
          continue;
        }
        builder.addKey(cursor.keyBytes, cursor.keyStart, cursor.keyEnd, oldest && kind === MERGE ? PUT : kind);
        pieces.length = 0;
        cursor.pieces(pieces);
        for (const { bytes, start, end } of pieces) builder.addValue(bytes, start, end);
      }
      if (!builder.isEmpty) {
        const view = new TableView(builder.finish(this.store.options.bloomBitsPerKey));
        this.store.counters.flushes++;
        this.store.counters.flushedBytes += view.sizeBytes;
        this.levels.addToLevel0(view);
      }
      this.memtable = new Memtable(this.form);
      this.tidyAtBytes = Math.min(TIDY_MIN_BYTES, this.store.options.writeBufferBytes);
    }
    this.levels.compact(this.filter);
  }

  /** Writes all values anew; `change` finds the pieces of one and leaves what becomes of it in the store. */
  rewrite(change: (pieces: readonly Piece[]) => void): void {
    const scan = this.scan();
    this.memtable = new Memtable(this.form);
    this.levels.clear();
    while (scan.nextValue()) {
      change(scan.pieces);
      this.store.beginAddress().slice(scan.keyBytes, scan.keyStart, scan.keyEnd);
      this.put(this.prefixLengthOf(scan.keyBytes, scan.keyStart));
    }
  }

  /** Entries and bytes, those of each key group to `perGroup`. All entries of a map are one entry. */
  measure(perGroup: (keyGroup: number, entries: number, bytes: number) => void): void {
    const scan = this.scan();
    let prefixBytes: Uint8Array = new Uint8Array(0);
    let prefixStart = 0;
    let prefixLength = 0;
    while (scan.nextValue()) {
      const { keyBytes, keyStart, keyEnd } = scan;
      let entries = 1;
      if (this.kind === "map") {
        const same =
          prefixLength > 0 &&
          keyEnd - keyStart > prefixLength &&
          compareBytes(keyBytes, keyStart, keyStart + prefixLength, prefixBytes, prefixStart, prefixStart + prefixLength) === 0;
        if (same) {
          entries = 0;
        } else {
          prefixBytes = keyBytes;
          prefixStart = keyStart;
          prefixLength = this.prefixLengthOf(keyBytes, keyStart);
        }
      }
      perGroup(groupAt(keyBytes, keyStart), entries, keyEnd - keyStart + scan.valueLength);
    }
  }

  /** Length of the part of an address that is that of the whole map; 0 where states are no maps. */
  private prefixLengthOf(bytes: Uint8Array, start: number): number {
    if (this.kind !== "map") return 0;
    const { addresses } = this.store;
    addresses.at(bytes, start).key();
    addresses.namespace();
    return addresses.position - start;
  }

  /** The write buffer is full, or full of what nobody needs. */
  private relieve(): void {
    const { memtable } = this;
    const { writeBufferBytes } = this.store.options;
    const oldest = this.levels.isEmpty;
    const deletedBytes = oldest ? (memtable.sizeBytes * memtable.deleted) / memtable.count : 0;
    if ((memtable.garbageBytes + deletedBytes) * 2 > memtable.sizeBytes) {
      this.memtable = memtable.compacted(!oldest, (table, entry) => this.prefixLengthOf(table.bytes, table.keyStart(entry)));
    }
    if (this.memtable.sizeBytes >= writeBufferBytes) this.flush();
    this.tidyAtBytes = Math.min(writeBufferBytes, Math.max(TIDY_MIN_BYTES, this.memtable.sizeBytes * 2));
  }
}
