/** `'connector' = 'upsert-kafka'`: a topic as a table with a primary key; a record without value deletes. (Flink: docs/connectors/table/upsert-kafka) */
import { DELETE, UPDATE_BEFORE, type RowKind, rowKindString } from "../../../types/row-kind.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { Connector, ConnectorContext } from "./connector.ts";
import { type FormatSlot, requireFormat } from "./formats-of.ts";
import { LOG_METADATA, logSink, logSource, topicsOf, writtenTimestamp } from "./kafka.ts";
import { checkDelivery, checkScanModes, RECORD_OPTIONS } from "./kafka-options.ts";
import { KEY_SLOT, KafkaTable } from "./kafka-table.ts";
import { optional, TableOptions } from "./table-options.ts";

const VALUE_SLOT: FormatSlot = { option: "value.format", ofPart: true };

function layoutOf(context: ConnectorContext, use: "source" | "sink"): KafkaTable {
  const { table } = context;
  return new KafkaTable(
    context,
    use,
    table.primaryKey.map((key) => table.columns[key].name),
  );
}

export const UPSERT_KAFKA: Connector = {
  identifier: "upsert-kafka",
  watermarkPushDown: true,
  options: [
    ...RECORD_OPTIONS.map((option) => (option.key === "topic" ? { ...option, required: true } : option)),
    optional("sink.buffer-flush.max-rows", "integer"),
    optional("sink.buffer-flush.interval", "duration"),
  ],
  prefixes: ["properties."],
  formats: [VALUE_SLOT, KEY_SLOT],
  metadata: LOG_METADATA,
  sourceMode: () => "upsert",
  sinkMode: () => "upsert",
  alwaysUpserts: true,
  validate(context, use) {
    const { table, options } = context;
    const formats = [requireFormat(table, [KEY_SLOT], use), requireFormat(table, [VALUE_SLOT], use)];
    if (table.primaryKey.length === 0) {
      throw new SqlError(
        "validate",
        "SQL_PRIMARY_KEY",
        "'upsert-kafka' tables require to define a PRIMARY KEY constraint. The PRIMARY KEY specifies which columns should be read from or write to the Kafka message key. The PRIMARY KEY also defines records in the 'upsert-kafka' table should update or delete on which keys.",
        options.span("connector"),
        { hint: "PRIMARY KEY (id) NOT ENFORCED" },
      );
    }
    for (const named of formats) {
      if (named.format.sourceMode === "insert") continue;
      const what = named.slot.option === "key.format" ? "key" : "value";
      throw new SqlError(
        "validate",
        "SQL_FORMAT",
        `'upsert-kafka' connector doesn't support '${named.format.identifier}' as ${what} format, because '${named.format.identifier}' is not in insert-only mode.`,
        options.valueSpan(named.slot.option),
      );
    }
    if (use === "source") checkScanModes(options);
    else {
      checkDelivery(options);
      checkBuffer(options);
    }
    layoutOf(context, use);
  },
  source(context) {
    // Always from the beginning: a table is all that was ever written to it.
    const options = new TableOptions(new Map([...context.table.options, ["scan.startup.mode", EARLIEST]]));
    return { source: logSource({ ...context, options }, layoutOf(context, "source"), DELETE) };
  },
  sink(context) {
    const write = layoutOf(context, "sink").writer();
    const [topic] = topicsOf(context.options);
    const timestampAt = writtenTimestamp(context);
    return {
      byPrimaryKey: true,
      sink: logSink(context.options, topic, (row) => {
        const kind = row[0] as RowKind;
        if (kind === UPDATE_BEFORE) return null;
        const { key, value } = write(row);
        const timestamp = timestampAt === -1 ? null : (row[timestampAt] as number | null);
        const written = kind === DELETE ? null : value;
        return { topic, key, value: written, rowKind: rowKindString(kind), ...(timestamp === null ? {} : { timestamp }) };
      }),
    };
  },
};

/** Both or none. */
function checkBuffer(options: TableOptions): void {
  const rows = options.number("sink.buffer-flush.max-rows", 0);
  const intervalMs = options.durationMs("sink.buffer-flush.interval") ?? 0;
  if (rows > 0 === intervalMs > 0) return;
  throw new SqlError(
    "validate",
    "SQL_OPTION_COMBINATION",
    "'sink.buffer-flush.max-rows' and 'sink.buffer-flush.interval' must be set to be greater than zero together to enable sink buffer flushing.",
    options.span(rows > 0 ? "sink.buffer-flush.max-rows" : "sink.buffer-flush.interval"),
  );
}

const NOWHERE = { start: 0, end: 0 };
const EARLIEST = { key: "scan.startup.mode", value: "earliest-offset", span: NOWHERE, keySpan: NOWHERE, valueSpan: NOWHERE };
