/**
 * Goes through the records of write buffer and tables in the order of their addresses, and says of each address what all of them together say: the
 * newest whole value, with what was appended to it since.
 */
import { compareBytes } from "./key-codec.ts";
import type { Memtable } from "./memtable.ts";
import { DELETE, MERGE, PUT, type RecordKind } from "./record-kind.ts";
import type { TableView } from "./sorted-table.ts";

/** A piece of a value. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** One sorted source of records, at one of them. */
export interface RecordCursor {
  /** There is no further record. */
  readonly done: boolean;
  readonly keyBytes: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly kind: RecordKind;
  /** Adds the pieces of the value, first to last. */
  pieces(into: Piece[]): void;
  advance(): void;
}

/** Records of a write buffer, in the order given. */
export class MemtableCursor implements RecordCursor {
  private readonly table: Memtable;
  private readonly entries: ArrayLike<number>;
  private index = 0;

  constructor(table: Memtable, entries: ArrayLike<number>) {
    this.table = table;
    this.entries = entries;
  }

  get done(): boolean {
    return this.index === this.entries.length;
  }

  get keyBytes(): Uint8Array {
    return this.table.bytes;
  }

  get keyStart(): number {
    return this.table.keyStart(this.entries[this.index]);
  }

  get keyEnd(): number {
    return this.table.keyEnd(this.entries[this.index]);
  }

  get kind(): RecordKind {
    return this.table.kindOf(this.entries[this.index]);
  }

  pieces(into: Piece[]): void {
    const { table } = this;
    const { bytes } = table;
    const entry = this.entries[this.index];
    if (table.form !== "chained") {
      into.push({ bytes, start: table.valueStart(entry), end: table.valueEnd(entry) });
      return;
    }
    const ends = table.piecesOf(entry);
    for (let index = 0; index < ends.length; index += 2) into.push({ bytes, start: ends[index], end: ends[index + 1] });
  }

  advance(): void {
    this.index++;
  }
}

/** Records of tables that follow one another. */
export class TablesCursor implements RecordCursor {
  private readonly views: readonly TableView[];
  private viewIndex = 0;
  private index: number;
  private view: TableView;
  private readonly until: Uint8Array | null;
  done: boolean;

  /** @param from the first address, @param prefix only addresses that begin like this. */
  constructor(views: readonly TableView[], prefix: Uint8Array | null = null) {
    this.views = views;
    this.view = views[0];
    this.until = prefix;
    this.done = views.length === 0;
    this.index = 0;
    if (this.done) return;
    this.index = this.view.from;
    if (prefix !== null) this.seek(prefix);
    this.settle();
  }

  get keyBytes(): Uint8Array {
    return this.view.table.data;
  }

  get keyStart(): number {
    return this.view.table.keyStart(this.index);
  }

  get keyEnd(): number {
    return this.view.table.keyEnd(this.index);
  }

  get kind(): RecordKind {
    return this.view.table.kinds[this.index] as RecordKind;
  }

  pieces(into: Piece[]): void {
    const { table } = this.view;
    into.push({ bytes: table.data, start: table.keyEnd(this.index), end: table.valueEnd(this.index) });
  }

  advance(): void {
    this.index++;
    this.settle();
  }

  private seek(prefix: Uint8Array): void {
    for (; this.viewIndex < this.views.length; this.viewIndex++) {
      this.view = this.views[this.viewIndex];
      this.index = Math.max(this.view.from, this.view.table.lowerBound(prefix, 0, prefix.length));
      if (this.index < this.view.to) return;
    }
  }

  /** Goes on to the next table where one has ended, and stops where the prefix does. */
  private settle(): void {
    while (this.index >= this.view.to) {
      if (++this.viewIndex >= this.views.length) {
        this.done = true;
        return;
      }
      this.view = this.views[this.viewIndex];
      this.index = this.view.from;
    }
    if (this.until !== null && !startsWith(this.keyBytes, this.keyStart, this.keyEnd, this.until)) this.done = true;
  }
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  return compareBytes(bytes, start, start + prefix.length, prefix, 0, prefix.length) === 0;
}

export class MergingScan {
  keyBytes: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  kind: RecordKind = DELETE;
  /** The value, first to last; nothing for a deletion. */
  readonly pieces: Piece[] = [];
  private cursors: RecordCursor[];
  private readonly matching: RecordCursor[] = [];

  /** @param cursors newest first. */
  constructor(cursors: readonly RecordCursor[]) {
    this.cursors = cursors.filter((cursor) => !cursor.done);
  }

  /** The next address; false when there is none. */
  next(): boolean {
    const { cursors, matching } = this;
    if (cursors.length === 0) return false;
    matching.length = 0;
    let first = cursors[0];
    matching.push(first);
    for (let index = 1; index < cursors.length; index++) {
      const cursor = cursors[index];
      const order = compareBytes(cursor.keyBytes, cursor.keyStart, cursor.keyEnd, first.keyBytes, first.keyStart, first.keyEnd);
      if (order > 0) continue;
      if (order < 0) {
        matching.length = 0;
        first = cursor;
      }
      matching.push(cursor);
    }
    this.keyBytes = first.keyBytes;
    this.keyStart = first.keyStart;
    this.keyEnd = first.keyEnd;
    this.resolve();
    let ended = false;
    for (const cursor of matching) {
      cursor.advance();
      ended ||= cursor.done;
    }
    if (ended) this.cursors = cursors.filter((cursor) => !cursor.done);
    return true;
  }

  /** The next address that has a value. Only where the sources are all there is: what is appended to nothing is the value then. */
  nextValue(): boolean {
    while (this.next()) if (this.kind !== DELETE) return true;
    return false;
  }

  get valueLength(): number {
    let length = 0;
    for (const { start, end } of this.pieces) length += end - start;
    return length;
  }

  private resolve(): void {
    const { matching, pieces } = this;
    pieces.length = 0;
    // Usually there is one source, or a newest one that says all.
    const newest = matching[0];
    this.kind = newest.kind;
    if (newest.kind !== MERGE) {
      if (newest.kind === PUT) newest.pieces(pieces);
      return;
    }
    let oldest = 1;
    while (oldest < matching.length && matching[oldest].kind === MERGE) oldest++;
    if (oldest < matching.length) {
      this.kind = PUT;
      if (matching[oldest].kind === PUT) matching[oldest].pieces(pieces);
    }
    for (let index = oldest - 1; index >= 0; index--) matching[index].pieces(pieces);
  }
}
