/** A table's sink, by its connector. */
import { DiscardingSink } from "../../../connectors/discarding-sink.ts";
import { DeliveryGuarantee, KafkaSink } from "../../../connectors/log/kafka-sink.ts";
import { PrintSink } from "../../../connectors/print-sink.ts";
import type { Sink } from "../../../flow/connector.ts";
import { DELETE, INSERT, rowKindString, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import type { CatalogTable, TableColumn } from "../../catalog/catalog.ts";
import { textOf } from "../../functions/cast.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { jsonEncoder } from "./json-format.ts";
import { type ConnectorName, optionValue } from "./table-options.ts";

/** Rows come with one field per persisted column. */
export function createSink(table: CatalogTable, connector: ConnectorName, context: EvalContext): Sink<unknown> {
  const columns = table.columns.filter((column) => column.persisted);
  switch (connector) {
    case "blackhole":
      return new DiscardingSink<unknown>();
    case "print":
      return new PrintSink<unknown>(optionValue(table, "print-identifier"));
    default:
      return kafkaSink(table, columns, connector === "upsert-kafka", context);
  }
}

/** What `print` writes: `+I[1, a]`. */
export function printedRow(columns: readonly TableColumn[], context: EvalContext): (row: Row) => string {
  const texts = columns.map((column) => textOf(column.type, context) ?? String);
  return (row) =>
    `${rowKindString(kindOf(row))}[${texts.map((text, i) => (row[i + FIELD_OFFSET] === null ? "NULL" : text(row[i + FIELD_OFFSET]))).join(", ")}]`;
}

const GUARANTEES: Readonly<Record<string, keyof typeof DeliveryGuarantee>> = {
  "exactly-once": "EXACTLY_ONCE",
  "at-least-once": "AT_LEAST_ONCE",
  none: "NONE",
};

function kafkaSink(table: CatalogTable, columns: readonly TableColumn[], upsert: boolean, context: EvalContext): Sink<unknown> {
  const topic = optionValue(table, "topic") ?? "";
  const physical = columns.flatMap((column, i) =>
    column.kind === "physical" ? [{ name: column.name, at: i + FIELD_OFFSET, encode: jsonEncoder(column.type) }] : [],
  );
  const keyNames = upsert ? table.primaryKey.map((key) => table.columns[key].name) : (optionValue(table, "key.fields")?.split(";") ?? []);
  const keys = keyNames.map((name) => {
    const at = columns.findIndex((column) => column.name === name);
    return { at: at + FIELD_OFFSET, text: textOf(columns[at].type, context) ?? String };
  });
  const keyOf = (row: Row): string | null =>
    keys.length === 0 ? null : keys.map(({ at, text }) => (row[at] === null ? "null" : text(row[at]))).join("\u0001");
  const builder = KafkaSink.builder<Row>()
    .setRecordSerializer({
      topic,
      serialize(row) {
        const kind = kindOf(row);
        if (upsert && kind === DELETE) return { topic, key: keyOf(row), value: null };
        if (upsert ? kind === UPDATE_BEFORE : kind !== INSERT) return null;
        return { topic, key: keyOf(row), value: Object.fromEntries(physical.map(({ name, at, encode }) => [name, encode(row[at])])) };
      },
    })
    .setDeliveryGuarantee(DeliveryGuarantee[GUARANTEES[optionValue(table, "sink.delivery-guarantee") ?? "at-least-once"]]);
  const prefix = optionValue(table, "sink.transactional-id-prefix");
  if (prefix !== undefined) builder.setTransactionalIdPrefix(prefix);
  for (const option of table.options.values()) {
    if (option.key.startsWith("properties.")) builder.setProperty(option.key.slice("properties.".length), option.value);
  }
  return builder.build() as unknown as Sink<unknown>;
}
