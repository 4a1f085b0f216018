/** `'connector' = 'kafka'`. (Flink: docs/connectors/table/kafka) */
import { KafkaSink, DeliveryGuarantee } from "../../../connectors/log/kafka-sink.ts";
import { KafkaSource } from "../../../connectors/log/kafka-source.ts";
import type { Sink, Source } from "../../../flow/connector.ts";
import { BIGINT, BYTES, INT, type LogicalType, mapOf, STRING, timestampLtzOf, withNullable } from "../../../types/logical-type.ts";
import { type RowKind, type RowKindString, rowKindString } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { nameHint } from "../../../base/nearest.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { tableName } from "../../catalog/catalog.ts";
import type { Connector, ConnectorContext, MetadataDeclaration } from "./connector.ts";
import { formatIn, requireFormat } from "./formats-of.ts";
import {
  boundedOffsets,
  checkDelivery,
  checkKeyOptions,
  checkGroup,
  checkScanModes,
  checkTopic,
  KAFKA_OPTIONS,
  startingOffsets,
  guaranteeOf,
} from "./kafka-options.ts";
import { KEY_SLOT, KafkaTable, type LogRecord, VALUE_SLOTS } from "./kafka-table.ts";
import type { TableOptions } from "./table-options.ts";

const notNull = (type: LogicalType): LogicalType => withNullable(type, false);
const readable = (type: LogicalType): MetadataDeclaration => ({ type, readable: true, writable: false });
const both = (type: LogicalType): MetadataDeclaration => ({ type, readable: true, writable: true });

export const LOG_METADATA: Readonly<Record<string, MetadataDeclaration>> = {
  topic: readable(notNull(STRING)),
  partition: readable(notNull(INT)),
  headers: both(notNull(mapOf(notNull(STRING), notNull(BYTES)))),
  "leader-epoch": readable(INT),
  offset: readable(notNull(BIGINT)),
  timestamp: both(notNull(timestampLtzOf(3))),
  "timestamp-type": readable(notNull(STRING)),
};

export const KAFKA: Connector = {
  identifier: "kafka",
  watermarkPushDown: true,
  options: KAFKA_OPTIONS,
  prefixes: ["properties."],
  formats: [...VALUE_SLOTS, KEY_SLOT],
  metadata: LOG_METADATA,
  sourceMode: ({ table }) => requireFormat(table, VALUE_SLOTS, "source").format.sourceMode ?? "insert",
  sinkMode: ({ table }) => requireFormat(table, VALUE_SLOTS, "sink").format.sinkMode ?? "insert",
  validate(context, use) {
    const { table, options } = context;
    checkTopic(options, use);
    checkKeyOptions(options);
    if (use === "source") checkScanModes(options);
    else {
      checkDelivery(options);
      checkPartitioner(options);
    }
    const { format } = requireFormat(table, VALUE_SLOTS, use);
    if (table.primaryKey.length > 0 && format.sourceMode === "insert") {
      throw new SqlError(
        "validate",
        "SQL_PRIMARY_KEY",
        `The Kafka table '${tableName(table)}' with '${format.identifier}' format doesn't support defining PRIMARY KEY constraint on the table, because it can't guarantee the semantic of primary key.`,
        options.span("connector"),
        { hint: "Take 'connector' = 'upsert-kafka', or leave the PRIMARY KEY out." },
      );
    }
    formatIn(table, KEY_SLOT, use);
    new KafkaTable(context, use);
  },
  checkRead: ({ options }) => checkGroup(options),
  source: (context) => ({ source: logSource(context, new KafkaTable(context, "source"), null) }),
  sink(context) {
    const write = new KafkaTable(context, "sink").writer();
    const topic = topicsOf(context.options)[0];
    const timestampAt = writtenTimestamp(context);
    return {
      sink: logSink(context.options, topic, (row) => {
        const { key, value } = write(row);
        const timestamp = timestampAt === -1 ? null : (row[timestampAt] as number | null);
        return { topic, key, value, rowKind: rowKindString(row[0] as RowKind), ...(timestamp === null ? {} : { timestamp }) };
      }),
    };
  },
};

/** Where a row has the record's timestamp, when the table writes it; else -1. */
export function writtenTimestamp({ table }: ConnectorContext): number {
  const persisted = table.columns.filter((column) => column.persisted);
  const index = persisted.findIndex((column) => column.kind === "metadata" && column.metadataKey === "timestamp");
  return index === -1 ? -1 : index + FIELD_OFFSET;
}

export function topicsOf(options: TableOptions): readonly string[] {
  return options.list("topic") ?? [];
}

const PARTITIONERS = ["default", "fixed", "round-robin"];

function checkPartitioner(options: TableOptions): void {
  const name = options.text("sink.partitioner", "default");
  if (!PARTITIONERS.includes(name)) {
    throw new SqlError(
      "validate",
      "SQL_OPTION_VALUE",
      `Could not find and instantiate partitioner class '${name}'`,
      options.valueSpan("sink.partitioner"),
      {
        found: name,
        expected: PARTITIONERS.join(", "),
        hint: nameHint(name, PARTITIONERS, "partitioners") ?? "Classes of one's own are not available here.",
      },
    );
  }
  if (options.text("sink.partitioner") !== "round-robin" || !options.has("key.fields")) return;
  throw new SqlError(
    "validate",
    "SQL_OPTION_COMBINATION",
    "Currently 'round-robin' partitioner only works when option 'key.fields' is not specified.",
    options.span("sink.partitioner"),
  );
}

/** Reads the table's topics. `tombstone` as in `KafkaTable.rowsOf`. */
export function logSource(context: ConnectorContext, layout: KafkaTable, tombstone: Parameters<KafkaTable["rowsOf"]>[0]): Source<Row> {
  const { options } = context;
  const topics = topicsOf(options);
  const rowsOf = layout.rowsOf(tombstone);
  const builder = KafkaSource.builder<Row>()
    .setStartingOffsets(startingOffsets(options, topics))
    .setDeserializer({
      deserialize: (record, out) => rowsOf(record as LogRecord, (row) => out.collect(row)),
    });
  const pattern = options.text("topic-pattern");
  if (pattern === undefined) builder.setTopics([...topics]);
  else builder.setTopicPattern(new RegExp(`^(?:${pattern})$`));
  const end = boundedOffsets(options, topics);
  if (end !== null) builder.setBounded(end);
  for (const [key, value] of options.withPrefix("properties.")) builder.setProperty(key, value);
  const discoveryMs = options.durationMs("scan.topic-partition-discovery.interval");
  if (discoveryMs !== undefined) builder.setProperty("partition.discovery.interval.ms", String(discoveryMs));
  return builder.build() as unknown as Source<Row>;
}

const GUARANTEES: Readonly<Record<string, keyof typeof DeliveryGuarantee>> = {
  "exactly-once": "EXACTLY_ONCE",
  "at-least-once": "AT_LEAST_ONCE",
  none: "NONE",
};

export interface WrittenRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: unknown;
  readonly timestamp?: number;
  /** For recordings. */
  readonly rowKind: RowKindString;
}

/** Writes to a topic; null = nothing is written for the row. */
export function logSink(options: TableOptions, topic: string, serialize: (row: Row) => WrittenRecord | null): Sink<unknown> {
  const builder = KafkaSink.builder<Row>()
    .setRecordSerializer({ topic, serialize })
    .setDeliveryGuarantee(DeliveryGuarantee[GUARANTEES[guaranteeOf(options)]]);
  const prefix = options.text("sink.transactional-id-prefix");
  if (prefix !== undefined) builder.setTransactionalIdPrefix(prefix);
  for (const [key, value] of options.withPrefix("properties.")) builder.setProperty(key, value);
  return builder.build() as unknown as Sink<unknown>;
}
