import type { Row } from "../../../types/row.ts";
import { OneInputSqlOperator } from "./sql-operator.ts";

/** Passes rows on unchanged: the meeting point of UNION ALL. */
export class ForwardOperator extends OneInputSqlOperator {
  processRow(row: Row): void {
    this.emit(row);
  }
}
