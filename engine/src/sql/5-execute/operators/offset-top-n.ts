/**
 * ORDER BY … LIMIT n OFFSET m over a changelog (Flink: `RetractableTopNFunction` with an offset and without a rank in the output).
 *
 * Problem: Flink shifts the rows behind a change rank by rank, as updates, and writes the kind of each update into the row that its state holds. A row that has
 * been shown as -U or +U no longer equals the row that takes it back: it stays, unseen, and nothing is emitted. What was recorded has it so.
 *
 *   ranks 2 to 3 of 9 7 5: 7 and 5 are shown; +9' → -U 7, +U 9, -U 5, +U 7 (9 now is a +U); -9 → nothing
 *
 * Approach: the same two structures as Flink's: how many rows there are of each place in the order, and the rows themselves with the kind they were last given.
 * Limits: a partition is one value, gone through from the front, as far as the last rank.
 */
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, type RowKind, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { kindOf, type Row, sameFields, withKind } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./top-n.ts";

export interface OffsetTopNOptions {
  readonly order: readonly SortKey[];
  /** First and last rank shown, 1-based. */
  readonly start: number;
  readonly end: number;
  readonly updateBefore: boolean;
}

interface Place {
  /** Some row that stands there in the order. */
  readonly at: Row;
  count: number;
}

interface Ranks {
  places: Place[];
  /** The rows of a place; those that could not be taken back stay when the place is gone. */
  rows: { readonly at: Row; rows: Row[] }[];
}

export class OffsetTopNOperator extends OneInputSqlOperator {
  private readonly options: OffsetTopNOptions;
  private readonly compare: (a: Row, b: Row) => number;
  private ranks!: ValueState<Ranks>;

  constructor(session: SessionSettings, options: OffsetTopNOptions) {
    super(session);
    this.options = options;
    this.compare = rowOrder(options.order);
  }

  override open(): void {
    this.ranks = this.valueState<Ranks>("data-state", this.session.stateTtlMs);
  }

  processRow(input: Row): void {
    const ranks = this.ranks.value() ?? { places: [], rows: [] };
    const row = withKind(input, INSERT);
    if (isAccumulate(kindOf(input))) {
      this.count(ranks, row);
      this.shiftBack(ranks, row);
      const own = this.rowsAt(ranks, row);
      if (own === null) ranks.rows.push({ at: withKind(row, INSERT), rows: [row] });
      else own.push(row);
    } else {
      const found = this.shiftForward(ranks, row);
      this.countOut(ranks, row);
      if (!found) this.removeRow(ranks, row);
    }
    this.ranks.update(ranks);
  }

  private count({ places }: Ranks, row: Row): void {
    const at = places.findIndex((place) => this.compare(row, place.at) <= 0);
    if (at >= 0 && this.compare(row, places[at].at) === 0) places[at].count++;
    else places.splice(at < 0 ? places.length : at, 0, { at: withKind(row, INSERT), count: 1 });
  }

  private countOut(ranks: Ranks, row: Row): void {
    const place = ranks.places.find(({ at }) => this.compare(row, at) === 0);
    if (place !== undefined && --place.count === 0) ranks.places = ranks.places.filter((each) => each !== place);
  }

  private rowsAt({ rows }: Ranks, row: Row): Row[] | null {
    return rows.find(({ at }) => this.compare(row, at) === 0)?.rows ?? null;
  }

  private removeRow(ranks: Ranks, row: Row): boolean {
    const rows = this.rowsAt(ranks, row);
    const at = rows === null ? -1 : rows.findIndex((candidate) => isSame(candidate, row));
    if (rows === null || at < 0) return false;
    rows.splice(at, 1);
    if (rows.length === 0) ranks.rows = ranks.rows.filter((each) => each.rows !== rows);
    return true;
  }

  /** A row comes in behind its equals, and what follows moves back by one rank. */
  private shiftBack(ranks: Ranks, row: Row): void {
    let rank = 0;
    let moved: Row | null = null;
    for (const { at, count } of ranks.places) {
      if (rank > this.options.end) break;
      if (moved === null) {
        rank += count;
        if (this.compare(row, at) === 0) moved = row;
        continue;
      }
      for (const old of this.rowsAt(ranks, at) ?? []) {
        if (rank > this.options.end) break;
        this.show(old, rank, UPDATE_BEFORE);
        this.show(moved, rank, UPDATE_AFTER);
        moved = old;
        rank++;
      }
    }
    if (moved !== null) this.show(moved, rank, INSERT);
  }

  /** A row goes, and what follows it moves up by one rank. False = it is not there, or not within the ranks. */
  private shiftForward(ranks: Ranks, row: Row): boolean {
    let rank = 0;
    let gone: Row | null = null;
    for (const { at, count } of [...ranks.places]) {
      if (rank > this.options.end) break;
      const here = this.compare(row, at) === 0;
      if (gone === null && !here) {
        rank += count;
        continue;
      }
      for (const next of [...(this.rowsAt(ranks, at) ?? [])]) {
        if (rank > this.options.end) break;
        if (gone === null) {
          if (isSame(next, row)) {
            gone = next;
            this.removeRow(ranks, row);
          }
        } else {
          this.show(gone, rank, UPDATE_BEFORE);
          this.show(next, rank, UPDATE_AFTER);
          gone = next;
        }
        rank++;
      }
    }
    if (gone !== null) this.show(gone, rank, DELETE);
    return gone !== null;
  }

  /** Ranks that are not shown leave the row's kind alone. */
  private show(row: Row, rank: number, kind: RowKind): void {
    const { start, end, updateBefore } = this.options;
    if (rank < start || rank > end) return;
    row[0] = kind;
    if (kind !== UPDATE_BEFORE || updateBefore) this.emit(row.slice());
  }
}

function isSame(held: Row, row: Row): boolean {
  return kindOf(held) === INSERT && sameFields(held, row);
}
