/**
 * The write buffer of one state: the newest record of each address, in memory.
 *
 * A hash table of 32-bit numbers points into one growing array of bytes (the arena), in which every entry lies in one piece: four or five words
 * of description, the address, the value. A value that fits replaces the one before it in place; one that is longer goes to the end. No object
 * per entry, and a lookup touches two places in memory.
 *
 * | word | plain | list state ("chained") | map state ("linked") |
 * |---|---|---|---|
 * | 0 | length of the address, kind | same | same; PREFIX marks the entry of a whole map |
 * | 1 | where the value begins | where the last appended piece begins | where the value begins |
 * | 2 | length of the value | length of all pieces | length of the value |
 * | 3 | room for the value | – | room for the value |
 * | 4 | | | next entry of the same map; in the entry of the map: its first |
 *
 * A piece of a list is: where the piece before it begins (0 = none), its length, its bytes. RocksDB keeps its write buffer sorted (a skip list); here it is
 * sorted when it is written out or gone through, and what map state needs at all times, the entries of one map, hangs together by links.
 */
import { invariant } from "../../base/invariant.ts";
import { compareBytes, hashBytes } from "./key-codec.ts";
import { DELETE, MERGE, PUT, type RecordKind } from "./record-kind.ts";
import { sortAddresses } from "./sort-addresses.ts";

/** The entry of a whole map, no record. */
const PREFIX = 3;
const KIND_SHIFT = 24;
const LENGTH_MASK = 0xff_ffff;
const MIN_SLOTS = 16;
const MIN_ARENA_BYTES = 256;
const NONE = 0;

export type MemtableForm = "plain" | "chained" | "linked";

export class Memtable {
  readonly form: MemtableForm;
  /** Everything the entries point into. Replaced when it grows. */
  bytes = new Uint8Array(MIN_ARENA_BYTES);
  /** Records, deletions included. */
  count = 0;
  /** Bytes of the arena that nothing points to any more. */
  garbageBytes = 0;
  deleted = 0;
  private words = new Int32Array(this.bytes.buffer);
  private usedBytes = 4;
  private readonly headerWords: number;
  /** Hash at 2 i, entry at 2 i + 1; 0 there = the place is free. */
  private slots = new Int32Array(MIN_SLOTS * 2);
  private mask = MIN_SLOTS - 1;
  private entries = 0;

  constructor(form: MemtableForm) {
    this.form = form;
    this.headerWords = form === "linked" ? 5 : 4;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** What it takes of the write buffer. */
  get sizeBytes(): number {
    return this.usedBytes;
  }

  /** The entry of an address, 0 when there is none. */
  find(key: Uint8Array, keyLength: number): number {
    return this.lookUp(key, keyLength, hashBytes(key, 0, keyLength));
  }

  kindOf(entry: number): RecordKind {
    return (this.words[entry] >>> KIND_SHIFT) as RecordKind;
  }

  keyStart(entry: number): number {
    return (entry + this.headerWords) << 2;
  }

  keyEnd(entry: number): number {
    return ((entry + this.headerWords) << 2) + (this.words[entry] & LENGTH_MASK);
  }

  /** Not for chained tables, whose values lie in pieces. */
  valueStart(entry: number): number {
    return this.words[entry + 1];
  }

  valueEnd(entry: number): number {
    return this.words[entry + 1] + this.words[entry + 2];
  }

  valueLength(entry: number): number {
    return this.words[entry + 2];
  }

  /** Start and end of each piece of a chained value, in the order in which they were added. */
  piecesOf(entry: number): number[] {
    const pieces: number[] = [];
    for (let at = this.words[entry + 1]; at !== NONE; at = this.words[at >> 2]) {
      const start = at + 8;
      pieces.push(start + this.words[(at >> 2) + 1], start);
    }
    return pieces.reverse();
  }

  /** @param prefixLength how much of the address is that of the whole map (linked tables). */
  put(key: Uint8Array, keyLength: number, value: Uint8Array, valueLength: number, prefixLength = 0): void {
    const entry = this.findOrAdd(key, keyLength, prefixLength);
    if (this.kindOf(entry) === DELETE) this.deleted--;
    this.words[entry] = keyLength | (PUT << KIND_SHIFT);
    if (this.form === "chained") {
      this.dropPieces(entry);
      this.addPiece(entry, value, valueLength);
      return;
    }
    if (this.words[entry + 3] < valueLength) this.makeRoom(entry, valueLength);
    const { bytes, words } = this;
    const start = words[entry + 1];
    for (let index = 0; index < valueLength; index++) bytes[start + index] = value[index];
    words[entry + 2] = valueLength;
  }

  remove(key: Uint8Array, keyLength: number, prefixLength = 0): void {
    this.removeEntry(this.findOrAdd(key, keyLength, prefixLength));
  }

  /** Turns an entry into a deletion. */
  removeEntry(entry: number): void {
    if (this.kindOf(entry) === DELETE) return;
    if (this.form === "chained") this.dropPieces(entry);
    this.words[entry] = (this.words[entry] & LENGTH_MASK) | (DELETE << KIND_SHIFT);
    this.words[entry + 2] = 0;
    this.deleted++;
  }

  /** Adds elements to a chained value. */
  append(key: Uint8Array, keyLength: number, value: Uint8Array, valueLength: number): void {
    const before = this.count;
    const entry = this.findOrAdd(key, keyLength, 0);
    const kind = this.kindOf(entry);
    if (this.count > before) {
      this.words[entry] = keyLength | (MERGE << KIND_SHIFT);
    } else if (kind === DELETE) {
      this.deleted--;
      this.words[entry] = keyLength | (PUT << KIND_SHIFT);
    }
    this.addPiece(entry, value, valueLength);
  }

  /** Entries of one map, deletions included, in the order of their addresses. */
  entriesOf(prefix: Uint8Array, prefixLength: number): number[] {
    const map = this.find(prefix, prefixLength);
    const found: number[] = [];
    if (map === NONE) return found;
    for (let entry = this.words[map + 4]; entry !== NONE; entry = this.words[entry + 4]) found.push(entry);
    const { bytes } = this;
    return found.sort((a, b) => compareBytes(bytes, this.keyStart(a), this.keyEnd(a), bytes, this.keyStart(b), this.keyEnd(b)));
  }

  /** All records in the order of their addresses. */
  sorted(): Int32Array {
    const all = new Int32Array(this.count);
    let index = 0;
    for (let slot = 1; slot < this.slots.length; slot += 2) {
      const entry = this.slots[slot];
      if (entry !== NONE && this.words[entry] >>> KIND_SHIFT !== PREFIX) all[index++] = entry;
    }
    invariant(index === this.count, "a memtable lost count of its records");
    return sortAddresses(all, this);
  }

  /** Copies the records into a table without garbage. Deletions stay when older tables may hold what they delete. */
  compacted(keepDeletions: boolean, prefixLengthOf: (table: Memtable, entry: number) => number): Memtable {
    const copy = new Memtable(this.form);
    for (const entry of this.sorted()) {
      const kind = this.kindOf(entry);
      if (kind === DELETE && !keepDeletions) continue;
      const key = this.bytes.subarray(this.keyStart(entry), this.keyEnd(entry));
      const prefixLength = this.form === "linked" ? prefixLengthOf(this, entry) : 0;
      if (kind === DELETE) {
        copy.remove(key, key.length, prefixLength);
      } else if (this.form !== "chained") {
        const length = this.valueLength(entry);
        copy.put(key, key.length, this.bytes.subarray(this.valueStart(entry), this.valueEnd(entry)), length, prefixLength);
      } else {
        const pieces = this.piecesOf(entry);
        for (let index = 0; index < pieces.length; index += 2) {
          const piece = this.bytes.subarray(pieces[index], pieces[index + 1]);
          if (index === 0 && kind === PUT) copy.put(key, key.length, piece, piece.length);
          else copy.append(key, key.length, piece, piece.length);
        }
      }
    }
    return copy;
  }

  private lookUp(key: Uint8Array, keyLength: number, hash: number): number {
    const { slots, mask, bytes, words } = this;
    const keyOffset = this.headerWords << 2;
    let place = hash & mask;
    for (;;) {
      const entry = slots[2 * place + 1];
      if (entry === NONE) return NONE;
      if (slots[2 * place] === hash && (words[entry] & LENGTH_MASK) === keyLength) {
        const start = (entry << 2) + keyOffset;
        let index = 0;
        while (index < keyLength && bytes[start + index] === key[index]) index++;
        if (index === keyLength) return entry;
      }
      place = (place + 1) & mask;
    }
  }

  private findOrAdd(key: Uint8Array, keyLength: number, prefixLength: number): number {
    const hash = hashBytes(key, 0, keyLength);
    const present = this.lookUp(key, keyLength, hash);
    if (present !== NONE) return present;
    const entry = this.add(key, keyLength, hash, PUT);
    this.count++;
    if (prefixLength > 0) {
      const prefixHash = hashBytes(key, 0, prefixLength);
      let map = this.lookUp(key, prefixLength, prefixHash);
      if (map === NONE) map = this.add(key, prefixLength, prefixHash, PREFIX);
      this.words[entry + 4] = this.words[map + 4];
      this.words[map + 4] = entry;
    }
    return entry;
  }

  private add(key: Uint8Array, keyLength: number, hash: number, kind: number): number {
    const { headerWords } = this;
    const start = this.allocate((headerWords << 2) + keyLength);
    const entry = start >> 2;
    const { words, bytes } = this;
    words[entry] = keyLength | (kind << KIND_SHIFT);
    for (let word = 1; word < headerWords; word++) words[entry + word] = 0;
    const keyStart = start + (headerWords << 2);
    for (let index = 0; index < keyLength; index++) bytes[keyStart + index] = key[index];
    if (++this.entries * 4 > this.mask * 3) this.growSlots();
    this.insertSlot(hash, entry);
    return entry;
  }

  private insertSlot(hash: number, entry: number): void {
    const { slots, mask } = this;
    let place = hash & mask;
    while (slots[2 * place + 1] !== NONE) place = (place + 1) & mask;
    slots[2 * place] = hash;
    slots[2 * place + 1] = entry;
  }

  private growSlots(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let from = 0; from < old.length; from += 2) if (old[from + 1] !== NONE) this.insertSlot(old[from], old[from + 1]);
  }

  private makeRoom(entry: number, valueLength: number): void {
    this.garbageBytes += this.words[entry + 3];
    const room = (valueLength + 3) & ~3;
    const start = this.allocate(room);
    this.words[entry + 1] = start;
    this.words[entry + 3] = room;
  }

  private addPiece(entry: number, value: Uint8Array, valueLength: number): void {
    const start = this.allocate(8 + valueLength);
    const { words, bytes } = this;
    words[start >> 2] = words[entry + 1];
    words[(start >> 2) + 1] = valueLength;
    for (let index = 0; index < valueLength; index++) bytes[start + 8 + index] = value[index];
    words[entry + 1] = start;
    words[entry + 2] += valueLength;
  }

  private dropPieces(entry: number): void {
    this.garbageBytes += this.words[entry + 2];
    this.words[entry + 1] = NONE;
    this.words[entry + 2] = 0;
  }

  /** Room at the end of the arena, beginning at a word. */
  private allocate(length: number): number {
    const start = this.usedBytes;
    const end = start + ((length + 3) & ~3);
    if (end > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(this.bytes.length * 2, (end + 3) & ~3));
      bigger.set(this.bytes.subarray(0, start));
      this.bytes = bigger;
      this.words = new Int32Array(bigger.buffer);
    }
    this.usedBytes = end;
    return start;
  }
}
