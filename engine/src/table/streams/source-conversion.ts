/** From a stream to a table: a program's values as rows, record timestamps as metadata. Computed columns stay empty: what reads the table fills them. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { MIN_TIMESTAMP } from "../../base/long.ts";
import { AbstractStreamOperator } from "../../flow/abstract-stream-operator.ts";
import type { OneInputStreamOperator } from "../../flow/operator.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import { INSERT, rowKindString } from "../../types/row-kind.ts";
import type { Row as EngineRow } from "../../types/row.ts";
import type { CatalogTable } from "../../sql/catalog/catalog.ts";
import { type Convert, fieldReader, toInternal } from "../../sql/user-functions/external-value.ts";
import { Row } from "../../sql/user-functions/row.ts";
import { RowKind } from "../../sql/user-functions/row-kind.ts";

/** Where a column's value comes from: a field of the record, its timestamp, or nowhere. */
type ColumnSource = { readonly field: number; readonly convert: Convert } | "timestamp" | "none";

export class SourceConversionOperator extends AbstractStreamOperator implements OneInputStreamOperator {
  readonly #columns: readonly ColumnSource[];
  readonly #read: (value: unknown) => readonly unknown[] | null;
  readonly #insertOnly: boolean = false;
  readonly #names: readonly string[];

  constructor(table: CatalogTable, insertOnly: boolean) {
    super();
    const physical = table.columns.filter(({ kind }) => kind === "physical");
    this.#names = physical.map(({ name }) => name);
    this.#read = fieldReader(this.#names);
    this.#insertOnly = insertOnly;
    this.#columns = table.columns.map((column): ColumnSource => {
      if (column.kind === "computed") return "none";
      if (column.kind === "metadata") return "timestamp";
      return { field: physical.indexOf(column), convert: toInternal(column.type, `column '${column.name}'`) };
    });
  }

  processElement(record: StreamRecord): void {
    const { value } = record;
    const fields = this.#read(value);
    if (fields === null) throw this.#unreadable(value);
    const kind = value instanceof Row ? value.getKind().toByteValue() : INSERT;
    if (this.#insertOnly && kind !== INSERT) throw notAnInsert(kind);
    const row: EngineRow = [kind];
    for (const column of this.#columns) {
      if (column === "none") row.push(null);
      else if (column === "timestamp") row.push(this.#timestampOf(record));
      else row.push(column.convert(fields[column.field]));
    }
    record.value = row;
    this.output.collect(record);
  }

  #timestampOf(record: StreamRecord): number {
    if (record.hasTimestamp && record.timestamp !== MIN_TIMESTAMP) return record.timestamp;
    throw new Diagnostic({
      code: "TABLE_WITHOUT_TIMESTAMP",
      phase: "runtime",
      message:
        "Rowtime timestamp is not defined. Please make sure that a proper TimestampAssigner was defined and the stream environment uses the EventTime time characteristic.",
      hint: "Give the source a WatermarkStrategy with timestamps, or declare a column of the record as the watermark's.",
    });
  }

  #unreadable(value: unknown): Diagnostic {
    return new Diagnostic({
      code: "TABLE_VALUE",
      phase: "runtime",
      message: `A record cannot be read as a row of ${this.#names.join(", ")}.`,
      found: typeof value === "object" ? JSON.stringify(value) : String(value),
      expected: "an object with these fields, an array or tuple of as many values, or a Row",
    });
  }
}

function notAnInsert(kind: number): Diagnostic {
  return new Diagnostic({
    code: "TABLE_NOT_INSERT_ONLY",
    phase: "runtime",
    message: `Error during input conversion. Conversion expects insert-only records but DataStream API record contains: ${RowKind.fromByteValue(kind)}`,
    found: rowKindString(kind as 0 | 1 | 2 | 3),
    hint: "fromChangelogStream reads streams of changes.",
  });
}
