/** One row per list of expressions: the copies that GROUPING SETS aggregate over (Flink: `StreamExecExpand`). */
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compileExpression, type Evaluator } from "../codegen/compile-expression.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class ExpandOperator extends OneInputSqlOperator {
  private readonly projects: readonly (readonly Rex[])[];
  private evaluators: readonly (readonly Evaluator[])[] = [];

  constructor(session: SessionSettings, projects: readonly (readonly Rex[])[]) {
    super(session);
    this.projects = projects;
  }

  override open(): void {
    this.evaluators = this.projects.map((project) => project.map((rex) => compileExpression(rex, this.evalContext)));
  }

  processRow(row: Row): void {
    for (const evaluators of this.evaluators) {
      const copy: Row = new Array(evaluators.length + FIELD_OFFSET);
      copy[0] = row[0];
      for (let i = 0; i < evaluators.length; i++) copy[i + FIELD_OFFSET] = evaluators[i](row);
      this.emit(copy);
    }
  }
}
