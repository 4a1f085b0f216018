/** Top-N of rows that may be taken back (Flink: `RetractableTopNFunction`). All are kept: whoever goes lets another in. */
import { isAccumulate } from "../../../../types/row-kind.ts";
import { kindOf, type Row, sameFields } from "../../../../types/row.ts";
import { placeAfterEquals, placeBeforeEquals } from "../row-order.ts";
import { TopNOperator } from "./top-n-operator.ts";

export class RetractableTopNOperator extends TopNOperator {
  protected readonly stateName = "data-state";

  processRow(row: Row): void {
    const last = this.lastRank(row);
    const rows = this.rows.value() ?? [];
    if (isAccumulate(kindOf(row))) this.add(rows, row, last);
    else this.retract(rows, row, last);
  }

  private add(rows: Row[], row: Row, last: number): void {
    const at = placeAfterEquals(rows, row, this.compare);
    rows.splice(at, 0, row);
    this.rows.update(rows);
    if (at >= last) return;
    if (this.showsRanks) {
      const shown = Math.min(last, rows.length);
      for (let rank = at + 1; rank < shown; rank++) this.emitUpdate(rows[rank], rows[rank - 1], rank);
      if (rows.length > last) this.emitUpdate(rows[last], rows[last - 1], last);
      else this.emitInsert(rows[shown - 1], shown);
    } else {
      if (rows.length > last) this.emitDelete(rows[last], last);
      this.emitInsert(row, at + 1);
    }
  }

  private retract(rows: Row[], row: Row, last: number): void {
    const at = this.placeOf(rows, row);
    // What is not there has expired.
    if (at < 0) return;
    const [gone] = rows.splice(at, 1);
    if (rows.length === 0) this.rows.clear();
    else this.rows.update(rows);
    if (at >= last) return;
    if (this.showsRanks) {
      const shown = Math.min(last, rows.length);
      let before = gone;
      for (let rank = at + 1; rank <= shown; rank++) {
        this.emitUpdate(before, rows[rank - 1], rank);
        before = rows[rank - 1];
      }
      if (rows.length < last) this.emitDelete(before, rows.length + 1);
    } else {
      this.emitDelete(gone, at + 1);
      if (rows.length >= last) this.emitInsert(rows[last - 1], last);
    }
  }

  private placeOf(rows: readonly Row[], row: Row): number {
    for (let at = placeBeforeEquals(rows, row, this.compare); at < rows.length && this.compare(rows[at], row) === 0; at++)
      if (sameFields(rows[at], row)) return at;
    return -1;
  }
}
