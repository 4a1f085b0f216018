/** Each row once per element of its collection, the element's fields appended. */
import type { Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compileExpression, compilePredicate, type Evaluator } from "../codegen/compile-expression.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface UnnestOptions {
  readonly collection: Rex;
  /** 0 = the element is the one field. */
  readonly elementFields: number;
  readonly withOrdinality: boolean;
  readonly outer: boolean;
  /** Number of fields appended. */
  readonly width: number;
  /** Over the appended fields; null = every element counts. */
  readonly condition: Rex | null;
}

export class UnnestOperator extends OneInputSqlOperator {
  private readonly options: UnnestOptions;
  private readonly multiset: boolean;
  private evaluate: Evaluator = () => null;
  private accepts: ((row: Row) => boolean) | null = null;

  constructor(session: SessionSettings, options: UnnestOptions) {
    super(session);
    this.options = options;
    this.multiset = options.collection.type.root === "MULTISET";
  }

  override open(): void {
    const { collection, condition } = this.options;
    this.evaluate = compileExpression(collection, this.evalContext);
    if (condition !== null) this.accepts = compilePredicate(condition, this.evalContext);
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
    let emitted = false;
    elements.forEach((element, position) => {
      const made = row.slice();
      if (elementFields === 0) made.push(element);
      else for (let i = 0; i < elementFields; i++) made.push(element === null ? null : (element as unknown[])[i]);
      if (withOrdinality) made.push(position + 1);
      if (this.accepts !== null && !this.accepts([made[0], ...made.slice(row.length)])) return;
      emitted = true;
      this.emit(made);
    });
    if (!emitted && outer) {
      const padded = row.slice();
      while (padded.length < row.length + width) padded.push(null);
      this.emit(padded);
    }
  }
}
