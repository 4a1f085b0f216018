/** `'connector' = 'elasticsearch-7'`: rows as documents of an index. (Flink: docs/connectors/table/elasticsearch) */
import { Elasticsearch7SinkBuilder, FlushBackoffType, HttpHost } from "../../../connectors/elasticsearch/elasticsearch-sink.ts";
import { DeleteRequest, IndexRequest } from "../../../connectors/elasticsearch/requests.ts";
import type { Sink } from "../../../flow/connector.ts";
import { DELETE, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { textOf } from "../../functions/cast.ts";
import type { Connector, ConnectorContext } from "./connector.ts";
import { optionsOf, requireFormat } from "./formats-of.ts";
import { choice, optional, required, type TableOptions } from "./table-options.ts";

const FORMAT_SLOT = { option: "format" };
const HOST = /^https?:\/\/([^:/]+)(?::\d+)?\/?$/;

function elasticsearch(identifier: string): Connector {
  return {
    identifier,
    options: [
      required("hosts"),
      required("index"),
      optional("document-id.key-delimiter"),
      optional("username"),
      optional("password"),
      optional("failure-handler"),
      choice("sink.delivery-guarantee", "none", "at-least-once"),
      optional("sink.flush-on-checkpoint", "boolean"),
      optional("sink.bulk-flush.max-actions", "integer"),
      optional("sink.bulk-flush.max-size", "memory"),
      optional("sink.bulk-flush.interval", "duration"),
      choice("sink.bulk-flush.backoff.strategy", "disabled", "none", "constant", "exponential"),
      optional("sink.bulk-flush.backoff.max-retries", "integer"),
      optional("sink.bulk-flush.backoff.delay", "duration"),
      optional("connection.path-prefix"),
      optional("connection.request-timeout", "duration"),
      optional("connection.timeout", "duration"),
      optional("socket.timeout", "duration"),
      optional("sink.parallelism", "integer"),
    ],
    formats: [FORMAT_SLOT],
    sinkMode: ({ table }) => (table.primaryKey.length > 0 ? "upsert" : "insert"),
    validate({ options }) {
      for (const host of options.list("hosts") ?? []) {
        if (HOST.test(host)) continue;
        throw new SqlError(
          "validate",
          "SQL_OPTION_VALUE",
          `Could not parse host '${host}' in option 'hosts'. It should follow the format 'http://host_name:port'.`,
          options.valueSpan("hosts"),
          { found: host },
        );
      }
    },
    sink: (context) => ({ sink: documentSink(context), byPrimaryKey: context.table.primaryKey.length > 0 }),
    systems: ({ options }) => [{ kind: "elasticsearch", name: hostOf(options) }],
  };
}

export const ELASTICSEARCH_7 = elasticsearch("elasticsearch-7");
export const ELASTICSEARCH_8 = elasticsearch("elasticsearch-8");

function hostOf(options: TableOptions): string {
  return HOST.exec(options.list("hosts")?.[0] ?? "")?.[1] ?? "";
}

const BACKOFFS: Readonly<Record<string, keyof typeof FlushBackoffType>> = {
  disabled: "NONE",
  none: "NONE",
  constant: "CONSTANT",
  exponential: "EXPONENTIAL",
};

function documentSink({ table, options, evaluation }: ConnectorContext): Sink<unknown> {
  const withFormat = table.options.has("format");
  const json = { key: "format", value: "json", span: NOWHERE, keySpan: NOWHERE, valueSpan: NOWHERE };
  const formatted = withFormat ? table : { ...table, options: new Map([...table.options, ["format", json] as const]) };
  const named = requireFormat(formatted, [FORMAT_SLOT], "sink");
  const persisted = table.columns.filter((column) => column.persisted);
  const encode = named.format.encoder!({ fields: persisted, options: optionsOf(formatted, named), evaluation });
  const textAt = (name: string): ((row: Row) => string) => {
    const at = persisted.findIndex((column) => column.name === name);
    const text = at === -1 ? String : (textOf(persisted[at].type, evaluation) ?? String);
    return (row) => (row[at + FIELD_OFFSET] === null ? "null" : text(row[at + FIELD_OFFSET] as never));
  };
  const keys = table.primaryKey.map((index) => textAt(table.columns[index].name));
  const delimiter = options.text("document-id.key-delimiter", "_");
  const idOf = (row: Row): string => keys.map((key) => key(row)).join(delimiter);
  const indexOf = indexName(options.text("index", ""), textAt);
  const builder = new Elasticsearch7SinkBuilder<Row>()
    .setHosts(new HttpHost(hostOf(options)))
    .setEmitter((row, _context, indexer) => {
      const kind = kindOf(row);
      if (kind === UPDATE_BEFORE) return;
      if (kind === DELETE) {
        indexer.add(new DeleteRequest(indexOf(row), idOf(row)));
        return;
      }
      const request = new IndexRequest(indexOf(row)).source(encode(kind, row.slice(FIELD_OFFSET)) as object);
      indexer.add(keys.length === 0 ? request : request.id(idOf(row)));
    })
    .setBulkFlushMaxActions(options.number("sink.bulk-flush.max-actions", 1000))
    .setBulkFlushInterval(options.durationMs("sink.bulk-flush.interval") ?? 1000);
  const strategy = options.choice("sink.bulk-flush.backoff.strategy");
  if (strategy !== undefined) {
    const delayMs = options.durationMs("sink.bulk-flush.backoff.delay") ?? 50;
    builder.setBulkFlushBackoffStrategy(
      FlushBackoffType[BACKOFFS[strategy]],
      options.number("sink.bulk-flush.backoff.max-retries", 8),
      delayMs,
    );
  }
  return builder.build() as unknown as Sink<unknown>;
}

const NOWHERE = { start: 0, end: 0 };

/** `orders`, or `orders-{country}` with a field of the row in it. */
function indexName(pattern: string, textAt: (name: string) => (row: Row) => string): (row: Row) => string {
  const parts = pattern.split(/\{([^}|]+)(?:\|[^}]*)?\}/);
  if (parts.length === 1) return () => pattern;
  const writers = parts.map((part, i) => (i % 2 === 0 ? () => part : textAt(part)));
  return (row) => writers.map((write) => write(row)).join("");
}
