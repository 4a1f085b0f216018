/** Top-N of inserts (Flink: `AppendOnlyTopNFunction`). What is not among the first now will never be, and is forgotten. */
import type { Row } from "../../../../types/row.ts";
import { placeAfterEquals } from "../row-order.ts";
import { BoundedTopNOperator } from "./top-n-operator.ts";

export class AppendOnlyTopNOperator extends BoundedTopNOperator {
  protected readonly stateName = "data-state-with-append";

  processRow(row: Row): void {
    const last = this.lastRank(row);
    const rows = this.rows.value() ?? [];
    const at = placeAfterEquals(rows, row, this.compare);
    if (at < last) this.insert(rows, row, at, last);
  }
}
