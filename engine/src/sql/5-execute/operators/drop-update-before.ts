/** Takes -U away where every row is found by its key (Flink: `StreamExecDropUpdateBefore`). */
import { UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { kindOf, type Row } from "../../../types/row.ts";
import { OneInputSqlOperator } from "./sql-operator.ts";

export class DropUpdateBeforeOperator extends OneInputSqlOperator {
  processRow(row: Row): void {
    if (kindOf(row) !== UPDATE_BEFORE) this.emit(row);
  }
}
