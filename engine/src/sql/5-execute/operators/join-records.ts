/**
 * The rows of one side of a regular join, of the current key, in the way that what is known about them allows (Flink: `JoinRecordStateViews`,
 * `OuterJoinRecordStateViews`):
 *
 * | known | state |
 * |---|---|
 * | one row per join key | a value |
 * | a key of the rows | a map by that key |
 * | nothing | a map by the whole row, which counts equal rows |
 *
 * A kept row has behind its fields how often it is there, if rows are counted, and how many partners it has, if somebody wants to know. Its kind means nothing.
 * Where partners are of no interest, a row that is there once is kept as it came, without a number: that is most of them.
 */
import type { InternalMapState } from "../../../state/keyed-state-backend.ts";
import type { ValueState } from "../../../state/state.ts";
import { rowHash } from "../../../types/row-hash.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, rowDigest, sameFields } from "../../../types/row.ts";
import { rowMaker, type RowMaker } from "../codegen/row-makers.ts";
import type { RowKey, StateKey } from "../key-of.ts";

export abstract class JoinRecords {
  private readonly partnersAt: number;
  protected readonly countsPartners: boolean;
  private readonly writesBack: boolean;
  protected readonly countAt: number;
  /** null = rows are kept as they come. */
  protected readonly make: RowMaker | null;

  /**
   * @param partners whether they are counted.
   * @param writesBack a kept row that was changed must be written back.
   */
  constructor(width: number, counted: boolean, partners: boolean, writesBack: boolean) {
    const end = width + FIELD_OFFSET;
    this.countsPartners = partners;
    this.writesBack = writesBack;
    this.countAt = counted ? end : -1;
    this.partnersAt = partners ? end + Number(counted) : -1;
    this.make = counted || partners ? rowMaker(width, counted && partners ? 2 : 1) : null;
  }

  /** Puts all rows into an array, from its beginning, and returns how many. */
  abstract load(into: Row[]): number;

  /** Keeps a row; `partners` of the other side match. */
  abstract add(row: Row, partners: number): void;

  /** Without effect when it is not there. */
  abstract retract(row: Row): void;

  /** How often a kept row is there. */
  countOf(kept: Row): number {
    return this.countAt < 0 || kept.length === this.countAt ? 1 : (kept[this.countAt] as number);
  }

  partnersOf(kept: Row): number {
    return kept[this.partnersAt] as number;
  }

  /** @param kept a row from `load`. */
  setPartners(kept: Row, partners: number): void {
    kept[this.partnersAt] = partners;
    if (this.writesBack) this.write(kept);
  }

  protected abstract write(kept: Row): void;
}

export class SoleRecord extends JoinRecords {
  private readonly state: ValueState<Row>;

  constructor(width: number, partners: boolean, writesBack: boolean, state: ValueState<Row>) {
    super(width, false, partners, writesBack);
    this.state = state;
  }

  /** The row that `load` gives, null = there is none. */
  row(): Row | null {
    return this.state.value();
  }

  load(into: Row[]): number {
    const row = this.row();
    if (row === null) return 0;
    into[0] = row;
    return 1;
  }

  add(row: Row, partners: number): void {
    this.state.update(this.make === null ? row : this.make(row, INSERT, partners));
  }

  retract(_row: Row): void {
    this.state.clear();
  }

  protected write(kept: Row): void {
    this.state.update(kept);
  }
}

export class RecordsByKey extends JoinRecords {
  private readonly state: InternalMapState<StateKey, Row>;
  private readonly key: RowKey;

  constructor(width: number, partners: boolean, writesBack: boolean, state: InternalMapState<StateKey, Row>, key: RowKey) {
    super(width, false, partners, writesBack);
    this.state = state;
    this.key = key;
  }

  load(into: Row[]): number {
    return this.state.valuesInto(into);
  }

  add(row: Row, partners: number): void {
    this.state.put(this.key(row), this.make === null ? row : this.make(row, INSERT, partners));
  }

  retract(row: Row): void {
    this.state.remove(this.key(row));
  }

  protected write(kept: Row): void {
    this.state.put(this.key(kept), kept);
  }
}

abstract class CountedRecords<K> extends JoinRecords {
  protected readonly state: InternalMapState<K, Row>;
  /** A kept row without its counts. */
  protected readonly fields: RowMaker;

  constructor(width: number, partners: boolean, writesBack: boolean, state: InternalMapState<K, Row>) {
    super(width, true, partners, writesBack);
    this.state = state;
    this.fields = rowMaker(width);
  }

  load(into: Row[]): number {
    return this.state.valuesInto(into);
  }

  add(row: Row, partners: number): void {
    const place = this.placeOf(row);
    const kept = this.state.get(place);
    if (kept === null && !this.countsPartners) this.state.put(place, row);
    else this.state.put(place, (this.make as RowMaker)(row, INSERT, kept === null ? 1 : this.countOf(kept) + 1, partners));
  }

  retract(row: Row): void {
    const place = this.placeOf(row);
    const kept = this.state.get(place);
    if (kept === null) return;
    const count = this.countOf(kept) - 1;
    if (count === 0) {
      this.remove(place);
      return;
    }
    kept[this.countAt] = count;
    this.state.put(place, kept);
  }

  protected write(kept: Row): void {
    this.state.put(this.placeOf(this.fields(kept, INSERT)), kept);
  }

  /** Where a row is, or would be. */
  protected abstract placeOf(row: Row): K;

  protected abstract remove(place: K): void;
}

/**
 * By a number for the row. Of rows with one number the later ones are at the next free numbers, as in a hash table with open addressing; a removal closes
 * the gap. Entries must not go by themselves.
 */
export class RecordsByHash extends CountedRecords<number> {
  private readonly hash: (row: Row) => number;

  constructor(width: number, partners: boolean, writesBack: boolean, state: InternalMapState<number, Row>, hash = rowHash) {
    super(width, partners, writesBack, state);
    this.hash = hash;
  }

  protected placeOf(row: Row): number {
    let place = this.hash(row);
    for (;;) {
      const kept = this.state.get(place);
      if (kept === null || sameFields(row, kept)) return place;
      place = (place + 1) | 0;
    }
  }

  protected remove(place: number): void {
    let gap = place;
    for (let next = (place + 1) | 0; ; next = (next + 1) | 0) {
      const kept = this.state.get(next);
      if (kept === null) break;
      const wanted = this.hash(this.fields(kept, INSERT));
      if (((next - wanted) | 0) < ((next - gap) | 0)) continue;
      this.state.put(gap, kept);
      gap = next;
    }
    this.state.remove(gap);
  }
}

/** By a text for the row, where entries go by themselves (time to live). */
export class RecordsByText extends CountedRecords<string> {
  protected placeOf(row: Row): string {
    return rowDigest(row);
  }

  protected remove(place: string): void {
    this.state.remove(place);
  }
}
