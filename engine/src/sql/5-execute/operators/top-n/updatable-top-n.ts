/**
 * Top-N of rows with a key that are updated, where an update can only move its row up (Flink: `UpdatableTopNFunction`). So what is not among the first need not be
 * kept: when it gets there, it does so by an update of its own.
 */
import { UPDATE_BEFORE } from "../../../../types/row-kind.ts";
import { kindOf, type Row } from "../../../../types/row.ts";
import { keyOf, type RowKey } from "../../key-of.ts";
import { placeAfterEquals } from "../row-order.ts";
import type { SessionSettings } from "../sql-operator.ts";
import { BoundedTopNOperator, type TopNOptions } from "./top-n-operator.ts";

export class UpdatableTopNOperator extends BoundedTopNOperator {
  protected readonly stateName = "data-state-with-update";
  private readonly key: RowKey;

  /** @param key fields by which rows are the same row. */
  constructor(session: SessionSettings, options: TopNOptions, key: readonly number[]) {
    super(session, options);
    this.key = keyOf(key);
  }

  processRow(row: Row): void {
    if (kindOf(row) === UPDATE_BEFORE) return;
    const last = this.lastRank(row);
    const rows = this.rows.value() ?? [];
    const known = this.placeOfKey(rows, this.key(row));
    if (known >= 0) this.update(rows, known, row);
    else {
      const at = placeAfterEquals(rows, row, this.compare);
      if (at < last) this.insert(rows, row, at, last);
    }
  }

  private placeOfKey(rows: readonly Row[], key: unknown): number {
    for (let at = 0; at < rows.length; at++) if (this.key(rows[at]) === key) return at;
    return -1;
  }

  private update(rows: Row[], from: number, row: Row): void {
    const before = rows[from];
    let to = from;
    if (this.compare(before, row) !== 0) {
      rows.splice(from, 1);
      to = placeAfterEquals(rows, row, this.compare);
      rows.splice(to, 0, row);
    } else rows[from] = row;
    this.rows.update(rows);
    if (!this.showsRanks) {
      this.emitUpdate(before, row, to + 1);
      return;
    }
    for (let rank = to + 1; rank <= from; rank++) this.emitUpdate(rows[rank], rows[rank - 1], rank);
    this.emitUpdate(before, rows[from], from + 1);
  }
}
