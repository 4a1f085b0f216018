/** A row as often as its first field says, its other fields appended again (Flink: `$REPLICATE_ROWS$1`, part of INTERSECT ALL and EXCEPT ALL). */
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { OneInputSqlOperator } from "./sql-operator.ts";

export class ReplicateRowsOperator extends OneInputSqlOperator {
  processRow(row: Row): void {
    const times = Number(row[FIELD_OFFSET]);
    for (let i = 0; i < times; i++) {
      const copy = row.slice();
      for (let field = FIELD_OFFSET + 1; field < row.length; field++) copy.push(row[field]);
      this.emit(copy);
    }
  }
}
