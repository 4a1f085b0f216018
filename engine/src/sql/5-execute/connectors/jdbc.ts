/** `'connector' = 'jdbc'`: a table of one of the world's databases, to read once, to write, and to look up. (Flink: docs/connectors/table/jdbc) */
import type { RowChange } from "../../../connectors/database/database-description.ts";
import { databaseNameOf } from "../../../connectors/database/jdbc/jdbc-connection-options.ts";
import { JdbcTableSink } from "../../../connectors/database/jdbc/jdbc-table-sink.ts";
import { JdbcTableSource } from "../../../connectors/database/jdbc/jdbc-table-source.ts";
import type { Sink, SinkWriter } from "../../../flow/sink.ts";
import type { Source } from "../../../flow/source.ts";
import { DELETE, type RowKind, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { typeName } from "../../../types/logical-type.ts";
import { kindOf, type Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { Connector, ConnectorContext } from "./connector.ts";
import { DATABASE_DIGITS, databaseFor, databaseRowDecoder, databaseRowEncoder } from "./database-values.ts";
import { JdbcLookup } from "./jdbc-lookup.ts";
import { CACHE_OPTIONS } from "./lookup-cache.ts";
import { mappedSink } from "./mapped-sink.ts";
import { optional, required, type TableOptions } from "./table-options.ts";

const URL = /^jdbc:postgresql:(?:\/\/[^/]*\/)?([^/?]+)(?:\?.*)?$/;
const PARTITION_OPTIONS = ["scan.partition.column", "scan.partition.num", "scan.partition.lower-bound", "scan.partition.upper-bound"];

export const JDBC: Connector = {
  identifier: "jdbc",
  options: [
    required("url"),
    required("table-name"),
    optional("driver"),
    optional("compatible-mode"),
    optional("username"),
    optional("password"),
    optional("connection.max-retry-timeout", "duration"),
    optional("scan.partition.column"),
    optional("scan.partition.num", "integer"),
    optional("scan.partition.lower-bound", "integer"),
    optional("scan.partition.upper-bound", "integer"),
    optional("scan.fetch-size", "integer"),
    optional("scan.auto-commit", "boolean"),
    optional("scan.parallelism", "integer"),
    ...CACHE_OPTIONS,
    optional("lookup.cache.max-rows", "integer"),
    optional("lookup.cache.ttl", "duration"),
    optional("lookup.cache.caching-missing-key", "boolean"),
    optional("lookup.max-retries", "integer"),
    optional("filter.handling.policy"),
    optional("sink.buffer-flush.max-rows", "integer"),
    optional("sink.buffer-flush.interval", "duration"),
    optional("sink.max-retries", "integer"),
    optional("sink.parallelism", "integer"),
  ],
  prefixes: ["properties."],
  sourceMode: () => "insert",
  sinkMode: ({ table }) => (table.primaryKey.length > 0 ? "upsert" : "insert"),
  alwaysUpserts: true,
  validate({ table, options }) {
    const finer = table.columns.find(
      ({ kind, type }) => kind === "physical" && type.root === "TIMESTAMP" && type.precision! > DATABASE_DIGITS,
    );
    if (finer !== undefined) {
      throw new SqlError(
        "validate",
        "SQL_JDBC_TYPE",
        `The precision of field '${finer.name}' is out of the TIMESTAMP precision range [0, ${DATABASE_DIGITS}] supported by PostgreSQL dialect.`,
        options.span("connector"),
        { found: typeName(finer.type), expected: `TIMESTAMP(${DATABASE_DIGITS})` },
      );
    }
    const refuse = (message: string, key: string): SqlError =>
      new SqlError("validate", "SQL_OPTION_COMBINATION", message, options.span(key) ?? options.span("connector"));
    const url = options.text("url", "");
    if (!URL.test(url)) {
      throw new SqlError(
        "validate",
        "SQL_JDBC_URL",
        `Could not find any jdbc dialect factory that can handle url '${url}' that implements 'org.apache.flink.connector.jdbc.core.database.dialect.JdbcDialect' in the classpath.`,
        options.valueSpan("url"),
        {
          found: url,
          expected: "jdbc:postgresql://host:5432/name",
        },
      );
    }
    const given = PARTITION_OPTIONS.filter((key) => options.has(key));
    if (given.length > 0 && given.length < PARTITION_OPTIONS.length)
      throw refuse(`Either all or none of the following options should be provided:\n${PARTITION_OPTIONS.join("\n")}`, given[0]);
    const [low, high] = [options.number("scan.partition.lower-bound", 0), options.number("scan.partition.upper-bound", 0)];
    if (low > high)
      throw refuse(
        `'scan.partition.lower-bound'='${low}' must not be larger than 'scan.partition.upper-bound'='${high}'.`,
        "scan.partition.lower-bound",
      );
    for (const [one, other] of [
      ["username", "password"],
      ["lookup.cache.max-rows", "lookup.cache.ttl"],
    ]) {
      if (options.has(one) !== options.has(other))
        throw refuse(`Either all or none of the following options should be provided:\n${one}\n${other}`, options.has(one) ? one : other);
    }
    const timeoutMs = options.durationMs("connection.max-retry-timeout");
    if (timeoutMs !== undefined && (timeoutMs < 1000 || timeoutMs % 1000 !== 0))
      throw refuse(
        `The value of 'connection.max-retry-timeout' option must be in second granularity and shouldn't be smaller than 1 second, but is ${options.text("connection.max-retry-timeout")}.`,
        "connection.max-retry-timeout",
      );
    if (options.number("lookup.max-retries", 0) < 0)
      throw refuse(
        `The value of 'lookup.max-retries' option shouldn't be negative, but is ${options.text("lookup.max-retries")}.`,
        "lookup.max-retries",
      );
    if (options.number("sink.max-retries", 0) < 0)
      throw refuse(
        `The value of 'sink.max-retries' option shouldn't be negative, but is ${options.text("sink.max-retries")}.`,
        "sink.max-retries",
      );
  },
  source({ table, options, evaluation }) {
    const decode = databaseRowDecoder(table, evaluation);
    const source = new JdbcTableSource<Row>({ ...placeOf(options), decode });
    return { source: source as unknown as Source<Row> };
  },
  sink: (context) => ({ sink: changesSink(context), byPrimaryKey: context.table.primaryKey.length > 0 }),
  lookup: (context) => new JdbcLookup(context, placeOf),
  systems({ table, options }, known) {
    const { database, table: tableName } = placeOf(options);
    return [databaseFor({ table, database, tableName }, known)];
  },
};

function placeOf(options: TableOptions): { readonly database: string; readonly table: string } {
  return { database: databaseNameOf(options.text("url")), table: options.text("table-name", "") };
}

function changesSink({ table, options }: ConnectorContext): Sink<unknown> {
  const { database, table: name } = placeOf(options);
  const encode = databaseRowEncoder(table);
  const key = table.primaryKey.map((index) => table.columns[index].name);
  const changeOf = (row: Row): RowChange | null => {
    const kind: RowKind = kindOf(row);
    if (kind === UPDATE_BEFORE) return null;
    const values = encode(row);
    if (key.length === 0) return { op: "insert", table: name, row: values };
    if (kind !== DELETE) return { op: "upsert", table: name, row: values };
    return { op: "delete", table: name, where: Object.fromEntries(key.map((column) => [column, values[column]])) };
  };
  const sink = new JdbcTableSink({
    database,
    maxRows: options.number("sink.buffer-flush.max-rows", 100),
    intervalMs: options.durationMs("sink.buffer-flush.interval") ?? 1000,
    maxRetries: options.number("sink.max-retries", 3),
  });
  return mappedSink<RowChange>((context) => sink.createWriter(context) as SinkWriter<RowChange>, changeOf);
}
