/** Filter and projection in one step (Flink: `StreamExecCalc`). */
import type { Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { type Calc, compileCalc } from "../codegen/compile-expression.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class CalcOperator extends OneInputSqlOperator {
  private readonly condition: Rex | null;
  private readonly projection: readonly Rex[] | null;
  private calc!: Calc;

  /** `projection` null = the row as it is. */
  constructor(session: SessionSettings, condition: Rex | null, projection: readonly Rex[] | null) {
    super(session);
    this.condition = condition;
    this.projection = projection;
  }

  override open(): void {
    this.calc = compileCalc(this.condition, this.projection, this.evalContext);
  }

  processRow(row: Row): void {
    const made = this.calc(row);
    if (made !== null) this.emit(made);
  }
}
