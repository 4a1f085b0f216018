/** The first row alone, of inserts or of updates that only move up (Flink: `FastTop1Function`): a better one replaces it. */
import { UPDATE_BEFORE } from "../../../../types/row-kind.ts";
import { kindOf, type Row } from "../../../../types/row.ts";
import { BoundedTopNOperator } from "./top-n-operator.ts";

export class FastTopOneOperator extends BoundedTopNOperator {
  protected readonly stateName = "Top1-Rank-State";

  processRow(row: Row): void {
    if (kindOf(row) === UPDATE_BEFORE) return;
    const rows = this.rows.value();
    if (rows === null) {
      this.rows.update([row]);
      this.emitInsert(row, 1);
      return;
    }
    const before = rows[0];
    if (this.compare(row, before) >= 0) return;
    this.rows.update([row]);
    this.emitUpdate(before, row, 1);
  }
}
