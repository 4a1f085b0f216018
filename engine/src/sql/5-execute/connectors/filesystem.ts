/** `'connector' = 'filesystem'`: files of lines below a path, one directory per partition. (Flink: docs/connectors/table/filesystem) */
import type { BucketAssigner } from "../../../connectors/files/sink/bucket-assigners.ts";
import type { Encoder } from "../../../connectors/files/sink/encoders.ts";
import { FileSink } from "../../../connectors/files/sink/file-sink.ts";
import { DefaultRollingPolicy } from "../../../connectors/files/sink/rolling-policies.ts";
import { FileSource } from "../../../connectors/files/source/file-source.ts";
import type { FSDataInputStream, StreamFormat } from "../../../connectors/files/source/stream-format.ts";
import type { Sink, Source } from "../../../flow/connector.ts";
import type { RowKind } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { TableColumn } from "../../catalog/catalog.ts";
import { textOf } from "../../functions/cast.ts";
import type { Connector, ConnectorContext } from "./connector.ts";
import { optionsOf, requireFormat } from "./formats-of.ts";
import { choice, optional, required } from "./table-options.ts";

const FORMAT_SLOT = { option: "format" };
const DEFAULT_FILE_BYTES = 128 * 2 ** 20;
const DEFAULT_INTERVAL_MS = 30 * 60_000;
const DEFAULT_CHECK_MS = 60_000;

export const FILESYSTEM: Connector = {
  identifier: "filesystem",
  options: [
    required("path"),
    optional("partition.default-name"),
    choice("partition.time-extractor.kind", "default", "custom"),
    optional("partition.time-extractor.class"),
    optional("partition.time-extractor.timestamp-pattern"),
    optional("partition.time-extractor.timestamp-formatter"),
    optional("source.monitor-interval", "duration"),
    optional("source.path.regex-pattern"),
    optional("source.report-statistics"),
    optional("sink.rolling-policy.file-size", "memory"),
    optional("sink.rolling-policy.rollover-interval", "duration"),
    optional("sink.rolling-policy.inactivity-interval", "duration"),
    optional("sink.rolling-policy.check-interval", "duration"),
    optional("sink.shuffle-by-partition.enable", "boolean"),
    choice("sink.partition-commit.trigger", "process-time", "partition-time"),
    optional("sink.partition-commit.delay", "duration"),
    optional("sink.partition-commit.watermark-time-zone"),
    optional("sink.partition-commit.policy.kind"),
    optional("sink.partition-commit.policy.class"),
    optional("sink.partition-commit.success-file.name"),
    optional("auto-compaction", "boolean"),
    optional("compaction.file-size", "memory"),
    optional("compaction.parallelism", "integer"),
    optional("sink.parallelism", "integer"),
    optional("scan.parallelism", "integer"),
  ],
  formats: [FORMAT_SLOT],
  sourceMode: ({ table }) => requireFormat(table, [FORMAT_SLOT], "source").format.sourceMode ?? "insert",
  sinkMode: ({ table }) => requireFormat(table, [FORMAT_SLOT], "sink").format.sinkMode ?? "insert",
  validate({ table, options }, use) {
    requireFormat(table, [FORMAT_SLOT], use);
    if (use === "source" && table.partitionKeys.length > 0) {
      throw new SqlError(
        "validate",
        "SQL_NOT_AVAILABLE",
        "A partitioned filesystem table can be written but not read here.",
        options.span("path"),
        {
          hint: "Declare a table without PARTITIONED BY over one of its directories.",
        },
      );
    }
    if (options.boolean("auto-compaction", false)) {
      throw new SqlError("validate", "SQL_NOT_AVAILABLE", "Small files are not compacted here.", options.span("auto-compaction"), {
        hint: "Raise 'sink.rolling-policy.rollover-interval', or leave 'auto-compaction' out.",
      });
    }
  },
  source: (context) => ({ source: fileSource(context) }),
  sink: (context) => ({ sink: fileSink(context) }),
  systems: () => [{ kind: "files", name: "files" }],
};

function physicalOf({ table }: ConnectorContext): readonly TableColumn[] {
  return table.columns.filter(({ kind }) => kind === "physical");
}

function fileSource(context: ConnectorContext): Source<Row> {
  const { table, options, evaluation } = context;
  const named = requireFormat(table, [FORMAT_SLOT], "source");
  const columns = physicalOf(context);
  const decode = named.format.decoder!({ fields: columns, options: optionsOf(table, named), evaluation });
  const places = columns.map((column) => table.columns.indexOf(column) + FIELD_OFFSET);
  const width = table.columns.length + FIELD_OFFSET;
  const rowOf = (kind: RowKind, values: readonly unknown[]): Row => {
    const row: Row = new Array(width).fill(null);
    row[0] = kind;
    for (let i = 0; i < values.length; i++) row[places[i]] = values[i];
    return row;
  };
  const format: StreamFormat<Row> = {
    createReader(stream: FSDataInputStream) {
      const waiting: Row[] = [];
      return {
        read(): Row | null {
          while (waiting.length === 0) {
            const line = stream.readLine();
            if (line === null) return null;
            decode(line, (kind, values) => void waiting.push(rowOf(kind, values)));
          }
          return waiting.shift() as Row;
        },
      };
    },
  };
  const builder = FileSource.forRecordStreamFormat(format, options.text("path", ""));
  const monitorMs = options.durationMs("source.monitor-interval");
  if (monitorMs !== undefined) builder.monitorContinuously(monitorMs);
  return builder.build() as unknown as Source<Row>;
}

function fileSink(context: ConnectorContext): Sink<unknown> {
  const { table, options, evaluation } = context;
  const named = requireFormat(table, [FORMAT_SLOT], "sink");
  const persisted = table.columns.filter((column) => column.persisted);
  const data = persisted.filter(({ name }) => !table.partitionKeys.includes(name));
  const encode = named.format.encoder!({ fields: data, options: optionsOf(table, named), evaluation });
  const places = data.map((column) => persisted.indexOf(column) + FIELD_OFFSET);
  const encoder: Encoder<Row> = {
    encode(row, stream) {
      const value = encode(
        row[0] as RowKind,
        places.map((place) => row[place]),
      );
      stream.write(`${typeof value === "string" ? value : JSON.stringify(value)}\n`);
    },
  };
  const policy = DefaultRollingPolicy.builder()
    .withMaxPartSize(options.bytes("sink.rolling-policy.file-size", DEFAULT_FILE_BYTES))
    .withRolloverInterval(options.durationMs("sink.rolling-policy.rollover-interval") ?? DEFAULT_INTERVAL_MS)
    .withInactivityInterval(options.durationMs("sink.rolling-policy.inactivity-interval") ?? DEFAULT_INTERVAL_MS)
    .build<Row>();
  return FileSink.forRowFormat<Row>(options.text("path", ""), encoder)
    .withBucketAssigner(partitionAssigner(context, persisted))
    .withRollingPolicy(policy)
    .withBucketCheckInterval(options.durationMs("sink.rolling-policy.check-interval") ?? DEFAULT_CHECK_MS)
    .build() as unknown as Sink<unknown>;
}

/** `dt=2026-01-01/hm=10%3A00` */
function partitionAssigner({ table, options, evaluation }: ConnectorContext, persisted: readonly TableColumn[]): BucketAssigner<Row> {
  const keys = table.partitionKeys.map((name) => {
    const index = persisted.findIndex((column) => column.name === name);
    return { name, at: index + FIELD_OFFSET, text: textOf(persisted[index].type, evaluation) ?? String };
  });
  const defaultName = options.text("partition.default-name", "__DEFAULT_PARTITION__");
  const pathPart = (value: unknown, text: (value: never) => string): string => {
    const written = value === null ? "" : text(value as never);
    return written === "" ? defaultName : escaped(written);
  };
  return {
    getBucketId: (row) => keys.map(({ name, at, text }) => `${escaped(name)}=${pathPart(row[at], text)}`).join("/"),
  };
}

const UNSAFE: ReadonlySet<string> = new Set([..."\"#%'*/:=?\\{[]^"]);

/** What cannot stand in a path, as `%` and two digits. (Flink: `PartitionPathUtils`) */
function escaped(text: string): string {
  return [...text]
    .map((char) => (UNSAFE.has(char) || char < " " ? `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}` : char))
    .join("");
}
