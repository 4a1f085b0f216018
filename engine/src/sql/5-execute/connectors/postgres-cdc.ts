/** `'connector' = 'postgres-cdc'`: the rows of a database table and every change to them. (Flink CDC: docs/connectors/flink-sources/postgres-cdc) */
import type { ChangeEvent } from "../../../connectors/database/cdc/change-event.ts";
import { PostgresSourceBuilder } from "../../../connectors/database/cdc/postgres-source-builder.ts";
import { StartupOptions } from "../../../connectors/database/cdc/startup-options.ts";
import type { Source } from "../../../flow/connector.ts";
import { BIGINT, type LogicalType, STRING, timestampLtzOf, withNullable } from "../../../types/logical-type.ts";
import { DELETE, INSERT, type RowKind, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import type { Connector, ConnectorContext, MetadataDeclaration } from "./connector.ts";
import { databaseFor, databaseRowDecoder } from "./database-values.ts";
import { choice, optional, required } from "./table-options.ts";

const readable = (type: LogicalType): MetadataDeclaration => ({ type: withNullable(type, false), readable: true, writable: false });

const METADATA: Readonly<Record<string, (event: ChangeEvent, kind: RowKind) => unknown>> = {
  table_name: ({ source }) => source.table,
  schema_name: ({ source }) => source.schema,
  database_name: ({ source }) => source.db,
  op_ts: ({ source }) => (source.snapshot === "true" ? 0 : source.ts_ms),
  row_kind: (_event, kind) => ["+I", "-U", "+U", "-D"][kind],
};

const STARTUP: Readonly<Record<string, () => StartupOptions>> = {
  initial: () => StartupOptions.initial(),
  snapshot: () => StartupOptions.snapshot(),
  "latest-offset": () => StartupOptions.latest(),
  "committed-offset": () => StartupOptions.committed(),
};

export const POSTGRES_CDC: Connector = {
  identifier: "postgres-cdc",
  options: [
    required("hostname"),
    required("username"),
    required("password"),
    required("database-name"),
    required("schema-name"),
    required("table-name"),
    required("slot.name"),
    optional("port", "integer"),
    optional("decoding.plugin.name"),
    choice("changelog-mode", "all", "upsert"),
    optional("heartbeat.interval.ms"),
    optional("heartbeat.interval", "duration"),
    optional("scan.incremental.snapshot.enabled", "boolean"),
    optional("scan.incremental.snapshot.chunk.size", "integer"),
    optional("scan.incremental.snapshot.chunk.key-column"),
    optional("scan.incremental.close-idle-reader.enabled", "boolean"),
    optional("scan.incremental.snapshot.backfill.skip", "boolean"),
    optional("scan.lsn-commit.checkpoints-num-delay", "integer"),
    choice("scan.startup.mode", ...Object.keys(STARTUP)),
    optional("scan.snapshot.fetch.size", "integer"),
    optional("connect.timeout", "duration"),
    optional("connect.max-retries", "integer"),
    optional("connection.pool.size", "integer"),
    optional("chunk-meta.group.size", "integer"),
    optional("chunk-key.even-distribution.factor.upper-bound", "number"),
    optional("chunk-key.even-distribution.factor.lower-bound", "number"),
  ],
  prefixes: ["debezium."],
  metadata: {
    table_name: readable(STRING),
    schema_name: readable(STRING),
    database_name: readable(STRING),
    op_ts: readable(timestampLtzOf(3)),
    row_kind: readable(STRING),
    source_lsn: readable(BIGINT),
  },
  sourceMode: ({ options }) => (options.choice("changelog-mode", "all") === "upsert" ? "upsert" : "retract"),
  validate({ table, options }) {
    if (options.choice("changelog-mode") === "upsert" && table.primaryKey.length === 0) {
      throw new SqlError(
        "validate",
        "SQL_PRIMARY_KEY",
        "Primary key must be present when upsert mode is selected.",
        options.span("changelog-mode"),
        {
          hint: "PRIMARY KEY (id) NOT ENFORCED",
        },
      );
    }
    if (
      options.boolean("scan.incremental.snapshot.enabled", true) &&
      table.primaryKey.length === 0 &&
      !options.has("scan.incremental.snapshot.chunk.key-column")
    ) {
      throw new SqlError(
        "validate",
        "SQL_PRIMARY_KEY",
        "'scan.incremental.snapshot.chunk.key-column' is required for table without primary key when 'scan.incremental.snapshot.enabled' enabled.",
        options.span("connector"),
        { hint: "PRIMARY KEY (id) NOT ENFORCED" },
      );
    }
  },
  source: (context) => ({ source: cdcSource(context) }),
  systems({ table, options }, known) {
    const schema = options.text("schema-name", "public");
    const tableName = schema === "public" ? options.text("table-name", "") : `${schema}.${options.text("table-name", "")}`;
    return [databaseFor({ table, database: options.text("database-name", ""), tableName }, known)];
  },
};

function cdcSource(context: ConnectorContext): Source<Row> {
  const { table, options, evaluation } = context;
  const decode = databaseRowDecoder(table, evaluation);
  const upsert = options.choice("changelog-mode", "all") === "upsert";
  const metadata = table.columns.flatMap((column, i) =>
    column.kind === "metadata" ? [{ at: i + FIELD_OFFSET, read: METADATA[column.metadataKey ?? column.name] }] : [],
  );
  const rowOf = (image: Readonly<Record<string, unknown>>, kind: RowKind, event: ChangeEvent): Row => {
    const row = decode(image);
    row[0] = kind;
    for (const { at, read } of metadata) row[at] = read === undefined ? event.source.lsn : read(event, kind);
    return row;
  };
  const schema = options.text("schema-name", "public");
  const builder = PostgresSourceBuilder.PostgresIncrementalSource.builder<Row>()
    .hostname(options.text("hostname", ""))
    .database(options.text("database-name", ""))
    .schemaList(schema)
    .tableList(`${schema}.${options.text("table-name", "")}`)
    .username(options.text("username", ""))
    .password(options.text("password", ""))
    .slotName(options.text("slot.name", "flink"))
    .decodingPluginName(options.text("decoding.plugin.name", "pgoutput"))
    .startupOptions(STARTUP[options.choice("scan.startup.mode", "initial")]())
    .splitSize(options.number("scan.incremental.snapshot.chunk.size", 8096))
    .deserializer({
      deserialize(record, out) {
        const event = record.value as ChangeEvent;
        const before = (): Readonly<Record<string, unknown>> => {
          if (event.before !== null) return event.before;
          throw new SqlRuntimeError(
            "SQL_REPLICA_IDENTITY",
            `The "before" field of UPDATE/DELETE message is null, please check the Postgres table has been set REPLICA IDENTITY to FULL level. You can update the setting by running the command in Postgres 'ALTER TABLE ${schema}.${options.text("table-name")} REPLICA IDENTITY FULL'.`,
          );
        };
        switch (event.op) {
          case "r":
          case "c":
            out.collect(rowOf(event.after ?? {}, INSERT, event));
            break;
          case "u":
            if (!upsert) out.collect(rowOf(before(), UPDATE_BEFORE, event));
            out.collect(rowOf(event.after ?? {}, UPDATE_AFTER, event));
            break;
          case "d":
            out.collect(rowOf(before(), DELETE, event));
            break;
        }
      },
    });
  const chunkKey = options.text("scan.incremental.snapshot.chunk.key-column");
  if (chunkKey !== undefined) builder.chunkKeyColumn(chunkKey);
  return builder.build() as unknown as Source<Row>;
}
