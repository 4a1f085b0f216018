/** Before a sink: NOT NULL columns are enforced, and rows that a `print` table writes become text. */
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { StreamRecord } from "../../../flow/stream-record.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";

export interface SinkPreparationOptions {
  readonly notNull: readonly { readonly field: number; readonly name: string }[];
  /** null = rows go on as rows. */
  readonly toText: ((context: EvalContext) => (row: Row) => string) | null;
  /** `table.exec.sink.not-null-enforcer` = DROP. */
  readonly dropNulls: boolean;
}

/** What Flink says when NULL is written to a NOT NULL column and `table.exec.sink.not-null-enforcer` is ERROR. */
export function notNullViolation(column: string): SqlRuntimeError {
  return new SqlRuntimeError(
    "SQL_NOT_NULL",
    `Column '${column}' is NOT NULL, however, a null value is being written into it. You can set job configuration 'table.exec.sink.not-null-enforcer'='DROP' to suppress this exception and drop such records silently.`,
  );
}

export class SinkPreparationOperator extends OneInputSqlOperator {
  private readonly options: SinkPreparationOptions;
  private text: ((row: Row) => string) | null = null;

  constructor(session: SessionSettings, options: SinkPreparationOptions) {
    super(session);
    this.options = options;
  }

  override open(): void {
    this.text = this.options.toText?.(this.evalContext) ?? null;
  }

  processRow(row: Row): void {
    for (const { field, name } of this.options.notNull) {
      if (row[field + FIELD_OFFSET] !== null) continue;
      if (this.options.dropNulls) return;
      throw notNullViolation(name);
    }
    if (this.text === null) this.emit(row);
    else this.context.output.collect(new StreamRecord(this.text(row)));
  }
}
