/** Filter and projection in one step (Flink: `StreamExecCalc`). */
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compileExpression, compilePredicate, type Evaluator } from "../compile-expression.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class CalcOperator extends OneInputSqlOperator {
  private readonly condition: Rex | null;
  private readonly projection: readonly Rex[] | null;
  private accepts: ((row: Row) => boolean) | null = null;
  private evaluators: readonly Evaluator[] | null = null;

  /** `projection` null = the row as it is. */
  constructor(session: SessionSettings, condition: Rex | null, projection: readonly Rex[] | null) {
    super(session);
    this.condition = condition;
    this.projection = projection;
  }

  override open(): void {
    if (this.condition !== null) this.accepts = compilePredicate(this.condition, this.evalContext);
    if (this.projection !== null) this.evaluators = this.projection.map((rex) => compileExpression(rex, this.evalContext));
  }

  processRow(row: Row): void {
    if (this.accepts !== null && !this.accepts(row)) return;
    const evaluators = this.evaluators;
    if (evaluators === null) {
      this.emit(row);
      return;
    }
    const made: Row = new Array(evaluators.length + FIELD_OFFSET);
    made[0] = row[0];
    for (let i = 0; i < evaluators.length; i++) made[i + FIELD_OFFSET] = evaluators[i](row);
    this.emit(made);
  }
}
