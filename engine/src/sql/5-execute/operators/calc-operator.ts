/** Filter and projection in one step (Flink: `StreamExecCalc`). */
import { invariant } from "../../../base/invariant.ts";
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

/** GROUPING SETS: one copy per set, missing keys NULL, the set's id as the last field (Flink: `StreamExecExpand`). */
export class ExpandOperator extends OneInputSqlOperator {
  private readonly missing: readonly (readonly number[])[];
  private readonly ids: readonly number[];

  constructor(session: SessionSettings, keys: readonly number[], sets: readonly (readonly number[])[], ids: readonly number[]) {
    super(session);
    invariant(sets.length === ids.length, "every grouping set has an id");
    this.missing = sets.map((set) => keys.filter((key) => !set.includes(key)));
    this.ids = ids;
  }

  processRow(row: Row): void {
    for (let i = 0; i < this.ids.length; i++) {
      const copy = row.slice();
      for (const field of this.missing[i]) copy[field + FIELD_OFFSET] = null;
      copy.push(this.ids[i]);
      this.emit(copy);
    }
  }
}
