/** Top-N of inserts (Flink: `AppendOnlyTopNFunction`). What is not among the first now will never be, and is forgotten. */
import type { Row } from "../../../../types/row.ts";
import { placeAfterEquals } from "../row-order.ts";
import { TopNOperator } from "./top-n-operator.ts";

export class AppendOnlyTopNOperator extends TopNOperator {
  protected readonly stateName = "data-state-with-append";

  processRow(row: Row): void {
    const last = this.lastRank(row);
    const rows = this.rows.value() ?? [];
    const at = placeAfterEquals(rows, row, this.compare);
    if (at >= last) return;
    rows.splice(at, 0, row);
    const pushedOut = rows.length > last ? rows.pop() : undefined;
    this.rows.update(rows);
    if (this.showsRanks) {
      this.emitMovedDown(rows, at + 1, pushedOut);
    } else {
      if (pushedOut !== undefined) this.emitDelete(pushedOut, last);
      this.emitInsert(row, at + 1);
    }
  }
}
