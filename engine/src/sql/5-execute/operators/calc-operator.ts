/** Filter and projection in one step (Flink: `StreamExecCalc`). */
import { invariant } from "../../../base/invariant.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
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
