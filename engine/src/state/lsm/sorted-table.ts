/**
 * A sorted table, the file of a log-structured store: records in the order of their addresses, written once and never changed. Checkpoints share
 * it by reference.
 *
 * Address and value of each record lie behind one another in `data`; typed arrays say where, and serve as the index: a lookup is a binary search
 * in them, after one in the heads of some addresses (sparse-index.ts). What RocksDB reads and caches are blocks of `data`; here all of it is in memory, and the blocks are counted (block-cache.ts).
 */
import type { KeyGroupRange } from "../../base/key-groups.ts";
import { ByteWriter } from "../../types/byte-buffer.ts";
import { BloomFilter } from "./bloom-filter.ts";
import { compareBytes, groupAt, GROUP_BYTES, hashBytes } from "./key-codec.ts";
import type { RecordKind } from "./record-kind.ts";
import { SparseIndex } from "./sparse-index.ts";

/** What the index costs per record: where it begins, where its address ends, its kind. */
const INDEX_BYTES = 9;

export class SortedTable {
  readonly data: Uint8Array;
  readonly kinds: Uint8Array;
  readonly bloom: BloomFilter | null;
  private readonly starts: Uint32Array;
  private readonly keyEnds: Uint32Array;
  private readonly sparse: SparseIndex;

  constructor(data: Uint8Array, index: { starts: Uint32Array; keyEnds: Uint32Array; kinds: Uint8Array }, bloom: BloomFilter | null) {
    this.data = data;
    this.starts = index.starts;
    this.keyEnds = index.keyEnds;
    this.kinds = index.kinds;
    this.bloom = bloom;
    this.sparse = new SparseIndex(data, index.starts, index.keyEnds);
  }

  get count(): number {
    return this.kinds.length;
  }

  /** Size of the file. */
  get sizeBytes(): number {
    return this.data.length + this.count * INDEX_BYTES + (this.bloom?.sizeBytes ?? 0);
  }

  keyStart(index: number): number {
    return this.starts[index];
  }

  keyEnd(index: number): number {
    return this.keyEnds[index];
  }

  valueEnd(index: number): number {
    return index + 1 < this.starts.length ? this.starts[index + 1] : this.data.length;
  }

  /** The first record whose address is not smaller; `count` when there is none. */
  lowerBound(key: Uint8Array, keyStart: number, keyEnd: number): number {
    const { data, starts, keyEnds } = this;
    let low = this.sparse.from(key, keyStart, keyEnd);
    let high = this.sparse.to(key, keyStart, keyEnd);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(data, starts[middle], keyEnds[middle], key, keyStart, keyEnd) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** False = certainly not. Only for tables with a filter. */
  mayContain(key: Uint8Array, keyLength: number): boolean {
    return this.bloom === null || this.bloom.mayContain(hashBytes(key, 0, keyLength));
  }

  /** Key groups of the records of a part of it. */
  *groups(from: number, to: number): Generator<number> {
    for (let index = from; index < to; ) {
      const group = groupAt(this.data, this.starts[index]);
      yield group;
      if (group === 0xffff) return;
      const next = group + 1;
      index = this.lowerBound(new Uint8Array([next >>> 8, next & 0xff]), 0, GROUP_BYTES);
    }
  }
}

/** A table as far as one subtask is concerned: its records from `from` up to `to`, those of its own key groups. */
export class TableView {
  readonly table: SortedTable;
  readonly from: number;
  readonly to: number;
  /** Where its blocks are in the block cache. */
  cached: Int32Array | null = null;

  constructor(table: SortedTable, from = 0, to = table.count) {
    this.table = table;
    this.from = from;
    this.to = to;
  }

  get isWhole(): boolean {
    return this.from === 0 && this.to === this.table.count;
  }

  /** Bytes of the file that this view is about. */
  get sizeBytes(): number {
    return this.isWhole ? this.table.sizeBytes : Math.round((this.table.sizeBytes * (this.to - this.from)) / this.table.count);
  }

  /** The part that lies in a range of key groups; null when nothing does. */
  within({ start, end }: KeyGroupRange): TableView | null {
    const bound = (group: number) => this.table.lowerBound(new Uint8Array([group >>> 8, group & 0xff]), 0, GROUP_BYTES);
    const from = Math.max(this.from, bound(start));
    const to = Math.min(this.to, end + 1 > 0xffff ? this.table.count : bound(end + 1));
    if (from >= to) return null;
    return from === this.from && to === this.to ? this : new TableView(this.table, from, to);
  }

  /** Whether an address may lie between the first and the last one. */
  spans(key: Uint8Array, keyLength: number): boolean {
    const { table } = this;
    return (
      compareBytes(table.data, table.keyStart(this.from), table.keyEnd(this.from), key, 0, keyLength) <= 0 &&
      compareBytes(table.data, table.keyStart(this.to - 1), table.keyEnd(this.to - 1), key, 0, keyLength) >= 0
    );
  }
}

/** Takes records in the order of their addresses. */
export class SortedTableBuilder {
  private readonly data = new ByteWriter();
  private starts = new Uint32Array(64);
  private keyEnds = new Uint32Array(64);
  private kinds = new Uint8Array(64);
  private count = 0;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get sizeBytes(): number {
    return this.data.length + this.count * INDEX_BYTES;
  }

  addKey(bytes: Uint8Array, start: number, end: number, kind: RecordKind): void {
    if (this.count === this.starts.length) this.grow();
    this.starts[this.count] = this.data.length;
    this.data.slice(bytes, start, end);
    this.keyEnds[this.count] = this.data.length;
    this.kinds[this.count++] = kind;
  }

  /** Follows `addKey`; several pieces become one value. */
  addValue(bytes: Uint8Array, start: number, end: number): void {
    this.data.slice(bytes, start, end);
  }

  /** @param bloomBitsPerKey 0 = no filter. */
  finish(bloomBitsPerKey: number): SortedTable {
    const { count } = this;
    const data = this.data.finish();
    const starts = this.starts.slice(0, count);
    const keyEnds = this.keyEnds.slice(0, count);
    let bloom: BloomFilter | null = null;
    if (bloomBitsPerKey > 0) {
      bloom = new BloomFilter(count, bloomBitsPerKey);
      for (let index = 0; index < count; index++) bloom.add(hashBytes(data, starts[index], keyEnds[index]));
    }
    return new SortedTable(data, { starts, keyEnds, kinds: this.kinds.slice(0, count) }, bloom);
  }

  private grow(): void {
    const size = this.starts.length * 2;
    const starts = new Uint32Array(size);
    starts.set(this.starts);
    this.starts = starts;
    const keyEnds = new Uint32Array(size);
    keyEnds.set(this.keyEnds);
    this.keyEnds = keyEnds;
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
  }
}
