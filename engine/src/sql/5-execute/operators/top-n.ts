/**
 * The first rows of each partition by an order (Flink: `AppendOnlyTopNFunction`, `RetractableTopNFunction`). All rows of a partition
 * are kept when the input can take some back, else only those that can still be shown. With the rank in the output (or with an
 * offset) each shifted rank is an update; without it rows only come and go.
 */
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, type RowKind, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { compareValues } from "../../functions/compare.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface TopNOptions {
  readonly order: readonly SortKey[];
  /** First and last rank shown, 1-based; `end` may be a field of the row. */
  readonly start: number;
  readonly end: number | { readonly field: number };
  readonly outputRank: boolean;
  readonly retract: boolean;
  /** Set when an update can only move its row up: rows with these fields equal are one row, -U is not needed. */
  readonly updateKey: readonly number[] | null;
  /** Whoever reads the changes wants -U too. */
  readonly updateBefore: boolean;
}

export function rowOrder(keys: readonly SortKey[]): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const { field, descending, nullsFirst } of keys) {
      const x = a[field + FIELD_OFFSET];
      const y = b[field + FIELD_OFFSET];
      if (x === null || y === null) {
        if (x === y) continue;
        return (x === null) === nullsFirst ? -1 : 1;
      }
      const order = compareValues(x, y);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  };
}

export class TopNOperator extends OneInputSqlOperator {
  private readonly options: TopNOptions;
  private readonly compare: (a: Row, b: Row) => number;
  private rows!: ValueState<Row[]>;
  private rankEnds: ValueState<number> | null = null;
  private readonly updateKey: RowKey | null;

  constructor(session: SessionSettings, options: TopNOptions) {
    super(session);
    this.options = options;
    this.compare = rowOrder(options.order);
    this.updateKey = options.updateKey === null ? null : keyOf(options.updateKey);
  }

  override open(): void {
    this.rows = this.valueState<Row[]>("data-state-with-append", this.session.stateTtlMs);
    if (typeof this.options.end !== "number") this.rankEnds = this.valueState<number>("rank-end", this.session.stateTtlMs);
  }

  processRow(row: Row): void {
    const { end, retract } = this.options;
    const last = typeof end === "number" ? end : this.lastRank(row, end.field);
    const rows = this.rows.value() ?? [];
    const before = rows.slice(0, last);
    const { updateKey } = this;
    if (updateKey !== null) {
      if (kindOf(row) === UPDATE_BEFORE) return;
      const own = updateKey(row);
      const at = rows.findIndex((candidate) => updateKey(candidate) === own);
      if (at >= 0) rows.splice(at, 1);
    }
    if (isAccumulate(kindOf(row))) {
      let at = rows.length;
      while (at > 0 && this.compare(row, rows[at - 1]) < 0) at--;
      if (!retract && at >= last) return;
      rows.splice(at, 0, withKind(row, INSERT));
      if (!retract && rows.length > last) rows.length = last;
    } else {
      const digest = rowDigest(row);
      const at = rows.findIndex((candidate) => rowDigest(candidate) === digest);
      if (at < 0) return;
      rows.splice(at, 1);
    }
    if (rows.length === 0) this.rows.clear();
    else this.rows.update(rows);
    this.emitDifference(before, rows.slice(0, last));
  }

  /** The first row of a partition says how many there are; what later rows say does not count (Flink: `rank-end`). */
  private lastRank(row: Row, field: number): number {
    const known = this.rankEnds!.value();
    if (known !== null) return known;
    const last = Number(row[field + FIELD_OFFSET] ?? 0);
    this.rankEnds!.update(last);
    return last;
  }

  private emitDifference(before: readonly Row[], after: readonly Row[]): void {
    const { start, end, outputRank, retract } = this.options;
    // Top-1 of inserts replaces its row; with ranks or an offset every shifted rank is an update.
    if (outputRank || start > 1 || (end === 1 && !retract)) {
      for (let rank = start; rank <= Math.max(before.length, after.length); rank++) {
        const old = before[rank - 1];
        const now = after[rank - 1];
        if (old === now || (old !== undefined && now !== undefined && this.updateKey !== null && rowDigest(old) === rowDigest(now)))
          continue;
        if (old !== undefined && now !== undefined) {
          if (this.options.updateBefore) this.emitRanked(old, rank, UPDATE_BEFORE);
          this.emitRanked(now, rank, UPDATE_AFTER);
        } else if (now !== undefined) this.emitRanked(now, rank, INSERT);
        else this.emitRanked(old, rank, DELETE);
      }
      return;
    }
    for (const old of before) if (!after.includes(old)) this.emit(withKind(old, DELETE));
    for (const now of after) if (!before.includes(now)) this.emit(withKind(now, INSERT));
  }

  private emitRanked(row: Row, rank: number, kind: RowKind): void {
    const made = withKind(row, kind);
    if (this.options.outputRank) made.push(rank);
    this.emit(made);
  }
}
