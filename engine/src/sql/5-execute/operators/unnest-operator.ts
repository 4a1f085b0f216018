/** Each row once per element of its collection, the element's fields appended. */
import type { Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compileExpression, type Evaluator } from "../codegen/compile-expression.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface UnnestOptions {
  readonly collection: Rex;
  /** 0 = the element is the one field. */
  readonly elementFields: number;
  readonly withOrdinality: boolean;
  readonly outer: boolean;
  /** Number of fields appended. */
  readonly width: number;
}

export class UnnestOperator extends OneInputSqlOperator {
  private readonly options: UnnestOptions;
  private readonly multiset: boolean;
  private evaluate: Evaluator = () => null;

  constructor(session: SessionSettings, options: UnnestOptions) {
    super(session);
    this.options = options;
    this.multiset = options.collection.type.root === "MULTISET";
  }

  override open(): void {
    this.evaluate = compileExpression(this.options.collection, this.evalContext);
  }

  processRow(row: Row): void {
    const { elementFields, withOrdinality, outer, width } = this.options;
    const collection = this.evaluate(row) as unknown[] | null;
    const elements =
      collection === null
        ? []
        : this.multiset
          ? (collection as [unknown, number][]).flatMap(([value, n]) => Array<unknown>(n).fill(value))
          : collection;
    elements.forEach((element, position) => {
      const made = row.slice();
      if (elementFields === 0) made.push(element);
      else for (let i = 0; i < elementFields; i++) made.push(element === null ? null : (element as unknown[])[i]);
      if (withOrdinality) made.push(position + 1);
      this.emit(made);
    });
    if (elements.length === 0 && outer) {
      const padded = row.slice();
      while (padded.length < row.length + width) padded.push(null);
      this.emit(padded);
    }
  }
}
