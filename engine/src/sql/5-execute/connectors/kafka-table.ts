/** How the columns of a `kafka` or `upsert-kafka` table lie in a log record: which come from the key, which from the value, which from the record itself. */
import { INSERT, type RowKind } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { type CatalogTable, type TableColumn, tableName } from "../../catalog/catalog.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { Decoder, FormatField } from "../formats/format.ts";
import type { ConnectorContext } from "./connector.ts";
import { type FormatSlot, formatIn, type NamedFormat, optionsOf, requireFormat } from "./formats-of.ts";

/** A log record as sources get it. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: unknown;
}

export const VALUE_SLOTS: readonly FormatSlot[] = [
  { option: "format", ofPart: true },
  { option: "value.format", ofPart: true },
];
export const KEY_SLOT: FormatSlot = { option: "key.format", ofPart: true };

/** Metadata of a log record by key. */
export const RECORD_METADATA: Readonly<Record<string, (record: LogRecord) => unknown>> = {
  topic: (record) => record.topic,
  partition: (record) => record.partition,
  headers: () => [],
  "leader-epoch": () => 0,
  offset: (record) => record.offset,
  timestamp: (record) => record.timestamp,
  "timestamp-type": () => "CreateTime",
};

/** Columns by index into the table's, with the names that the format sees. */
interface Part {
  readonly columns: readonly number[];
  readonly fields: readonly FormatField[];
}

export class KafkaTable {
  readonly table: CatalogTable;
  readonly value: NamedFormat;
  readonly key: NamedFormat | null;
  readonly keyPart: Part;
  readonly valuePart: Part;
  private readonly context: ConnectorContext;

  /** @param keyColumns names of the columns in the key; absent = `key.fields` */
  constructor(context: ConnectorContext, use: "source" | "sink", keyColumns?: readonly string[]) {
    const { table, options } = context;
    this.context = context;
    this.table = table;
    this.value = requireFormat(table, VALUE_SLOTS, use);
    this.key = formatIn(table, KEY_SLOT, use);
    const prefix = options.text("key.fields-prefix", "");
    const names = keyColumns ?? options.list("key.fields") ?? [];
    const all = options.choice("value.fields-include", "all") === "all";
    const part = (wanted: (column: TableColumn) => boolean, nameOf: (column: TableColumn) => string): Part => {
      const columns = table.columns.flatMap((column, i) => (column.kind === "physical" && wanted(column) ? [i] : []));
      return { columns, fields: columns.map((i) => ({ name: nameOf(table.columns[i]), type: table.columns[i].type })) };
    };
    for (const name of names) {
      if (table.columns.some((column) => column.name === name && column.kind === "physical")) continue;
      const known = table.columns.filter(({ kind }) => kind === "physical").map((column) => column.name);
      throw new SqlError(
        "validate",
        "SQL_KEY_FIELDS",
        `Could not find the field '${name}' in the table schema for usage in the key format. A key field must be a regular, physical column. The following columns can be selected in the 'key.fields' option: [${known.join(", ")}]`,
        options.valueSpan("key.fields"),
        { found: name },
      );
    }
    this.keyPart = part(
      (column) => names.includes(column.name),
      (column) => (column.name.startsWith(prefix) ? column.name.slice(prefix.length) : column.name),
    );
    this.valuePart = part(
      (column) => all || !names.includes(column.name),
      (column) => column.name,
    );
    this.checkPart(this.value, this.valuePart);
    if (this.key !== null && this.keyPart.columns.length > 0) this.checkPart(this.key, this.keyPart);
  }

  private checkPart(named: NamedFormat, { fields }: Part): void {
    named.format.validate?.({ fields, options: optionsOf(this.table, named), evaluation: this.context.evaluation });
  }

  /** Rows of a record, one after the other. `tombstone` = the kind of the row that a record without value stands for; null = there is none. */
  rowsOf(tombstone: RowKind | null): (record: LogRecord, collect: (row: Row) => void) => void {
    const { table, keyPart, valuePart } = this;
    const decodeValue = this.decoderOf(this.value, valuePart);
    const decodeKey = this.key === null || keyPart.columns.length === 0 ? null : this.decoderOf(this.key, keyPart);
    const bareKey = this.key?.format.isBare === true;
    const width = table.columns.length + FIELD_OFFSET;
    const metadata = table.columns.flatMap((column, i) =>
      column.kind === "metadata"
        ? [{ at: i + FIELD_OFFSET, key: column.metadataKey ?? column.name, read: RECORD_METADATA[column.metadataKey ?? column.name] }]
        : [],
    );
    return (record, collect) => {
      let keyValues: readonly unknown[] = [];
      if (decodeKey !== null) {
        decodeKey(bareKey ? record.key : keyDocument(record.key, keyPart), (_kind, values) => {
          keyValues = values;
        });
      }
      const emit = (kind: RowKind, values: readonly unknown[], own: Readonly<Record<string, unknown>> = {}): void => {
        const row: Row = new Array(width).fill(null);
        row[0] = kind;
        for (let i = 0; i < values.length; i++) row[valuePart.columns[i] + FIELD_OFFSET] = values[i];
        for (let i = 0; i < keyValues.length; i++) row[keyPart.columns[i] + FIELD_OFFSET] = keyValues[i];
        for (const { at, key, read } of metadata) row[at] = read === undefined ? (own[key.replace(/^value\./, "")] ?? null) : read(record);
        collect(row);
      };
      if ((record.value === null || record.value === undefined) && tombstone !== null) emit(tombstone, []);
      else decodeValue(record.value, emit);
    };
  }

  private decoderOf(named: NamedFormat, { fields }: Part): Decoder {
    const { format } = named;
    if (format.decoder === undefined) throw cannot(format.identifier, "read", this.table);
    return format.decoder({ fields, options: optionsOf(this.table, named), evaluation: this.context.evaluation });
  }

  /** Key and value of the record for a row of persisted columns. */
  writer(): (row: Row) => { key: string | null; value: unknown } {
    const persisted = this.table.columns.filter((column) => column.persisted);
    const encode = this.partWriter(this.value, this.valuePart, persisted);
    const encodeKey = this.keyPart.columns.length === 0 ? null : this.partWriter(this.key ?? this.value, this.keyPart, persisted);
    return (row) => ({ key: encodeKey === null ? null : keyText(encodeKey(row, INSERT)), value: encode(row, row[0] as RowKind) });
  }

  private partWriter(named: NamedFormat, part: Part, persisted: readonly TableColumn[]): (row: Row, kind: RowKind) => unknown {
    const { format } = named;
    if (format.encoder === undefined) throw cannot(format.identifier, "written", this.table);
    const encode = format.encoder({ fields: part.fields, options: optionsOf(this.table, named), evaluation: this.context.evaluation });
    const places = part.columns.map((column) => persisted.indexOf(this.table.columns[column]) + FIELD_OFFSET);
    return (row, kind) =>
      encode(
        kind,
        places.map((place) => row[place]),
      );
  }
}

/** Keys lie in the log as texts: JSON documents, or the bare value of a single column. */
function keyText(key: unknown): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

function keyDocument(key: string | null, { fields }: { readonly fields: readonly FormatField[] }): unknown {
  if (key === null || fields.length !== 1) return key;
  // Producers of small worlds write the bare value as key.
  return key.trimStart().startsWith("{") ? key : { [fields[0].name]: key };
}

function cannot(format: string, what: string, table: CatalogTable): SqlError {
  return new SqlError("validate", "SQL_FORMAT", `Table '${tableName(table)}' cannot be ${what} with format '${format}'.`, null);
}
