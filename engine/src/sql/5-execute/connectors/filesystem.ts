/**
 * `'connector' = 'filesystem'`: files of lines below a path, one directory per partition. (Flink: docs/connectors/table/filesystem)
 *
 * Partition columns are in the paths alone. Written partitions are said to be complete by a file in them, when the trigger of `sink.partition-commit.*` says so.
 */
import type { Encoder } from "../../../connectors/files/sink/encoders.ts";
import { FileSink } from "../../../connectors/files/sink/file-sink.ts";
import { ConcatFileCompactor } from "../../../connectors/files/sink/compaction/file-compactors.ts";
import { FileCompactStrategy } from "../../../connectors/files/sink/compaction/file-compact-strategy.ts";
import { PartitionCommitter } from "../../../connectors/files/sink/partition-commit/partition-committer.ts";
import { DefaultRollingPolicy, OnCheckpointRollingPolicy, type RollingPolicy } from "../../../connectors/files/sink/rolling-policies.ts";
import { Path } from "../../../connectors/files/path.ts";
import { FileSource } from "../../../connectors/files/source/file-source.ts";
import type { FileSourceSplit } from "../../../connectors/files/source/file-source-split.ts";
import type { FSDataInputStream, StreamFormat } from "../../../connectors/files/source/stream-format.ts";
import { nameHint } from "../../../base/nearest.ts";
import type { Sink, Source } from "../../../flow/connector.ts";
import { BIGINT, type LogicalType, STRING, timestampLtzOf, withNullable } from "../../../types/logical-type.ts";
import type { RowKind } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { TableColumn } from "../../catalog/catalog.ts";
import { javaRegExp } from "../../functions/java-regexp.ts";
import { isKnownZone } from "../../functions/time-zones.ts";
import type { Connector, ConnectorContext, MetadataDeclaration } from "./connector.ts";
import { commitTriggerOf, partitionPathOf, partitionValuesOf } from "./filesystem-partitions.ts";
import { optionsOf, requireFormat } from "./formats-of.ts";
import { choice, optional, required, type TableOptions } from "./table-options.ts";

const readable = (type: LogicalType): MetadataDeclaration => ({ type: withNullable(type, false), readable: true, writable: false });

const FORMAT_SLOT = { option: "format" };
const DEFAULT_FILE_BYTES = 128 * 2 ** 20;
const DEFAULT_INTERVAL_MS = 30 * 60_000;
const DEFAULT_CHECK_MS = 60_000;

export const FILESYSTEM: Connector = {
  identifier: "filesystem",
  options: [
    required("path"),
    required("format"),
    optional("partition.default-name"),
    choice("partition.time-extractor.kind", "default", "custom"),
    optional("partition.time-extractor.class"),
    optional("partition.time-extractor.timestamp-pattern"),
    optional("partition.time-extractor.timestamp-formatter"),
    optional("source.monitor-interval", "duration"),
    optional("source.path.regex-pattern"),
    choice("source.report-statistics", "none", "all"),
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
    optional("sink.parallelism", "integer"),
    optional("scan.parallelism", "integer"),
  ],
  formats: [FORMAT_SLOT],
  metadata: {
    "file.path": readable(STRING),
    "file.name": readable(STRING),
    "file.size": readable(BIGINT),
    "file.modification-time": readable(timestampLtzOf(3)),
  },
  sourceMode: ({ table }) => requireFormat(table, [FORMAT_SLOT], "source").format.sourceMode ?? "insert",
  sinkMode: ({ table }) => requireFormat(table, [FORMAT_SLOT], "sink").format.sinkMode ?? "insert",
  validate(context, use) {
    requireFormat(context.table, [FORMAT_SLOT], use);
    if (use === "source") checkReading(context);
    else checkWriting(context);
  },
  source: (context) => ({ source: fileSource(context) }),
  sink: (context) => ({ sink: fileSink(context) }),
  systems: () => [{ kind: "files", name: "files" }],
};

function invalid({ options }: ConnectorContext, key: string, message: string, more: { readonly hint?: string } = {}): SqlError {
  return new SqlError("validate", "SQL_OPTION_COMBINATION", message, options.span(key) ?? options.span("connector"), more);
}

function checkReading(context: ConnectorContext): void {
  const { options } = context;
  const pattern = options.text("source.path.regex-pattern");
  if (pattern !== undefined && javaRegExp(pattern, "") === null)
    throw invalid(context, "source.path.regex-pattern", `The pattern '${pattern}' is no regular expression.`);
  if (options.durationMs("source.monitor-interval") === 0)
    throw invalid(context, "source.monitor-interval", "discoveryInterval must be > 0");
}

const POLICIES = ["metastore", "success-file", "custom"];

function policiesOf(options: TableOptions): string[] | null {
  return (
    options
      .text("sink.partition-commit.policy.kind")
      ?.split(",")
      .map((name) => name.trim().toLowerCase()) ?? null
  );
}

function checkWriting(context: ConnectorContext): void {
  const { options } = context;
  const policies = policiesOf(options);
  for (const policy of policies ?? []) {
    if (!POLICIES.includes(policy)) {
      throw invalid(context, "sink.partition-commit.policy.kind", `Unsupported policy: ${policy}`, {
        hint: nameHint(policy, POLICIES, "policies"),
      });
    }
    if (policy === "metastore")
      throw invalid(
        context,
        "sink.partition-commit.policy.kind",
        "Can not configure a 'metastore' partition commit policy for a file system table. You can only configure 'metastore' partition commit policy for a hive table.",
      );
    if (policy === "custom")
      throw notAvailable(
        context,
        "sink.partition-commit.policy.kind",
        "Partition commit policies of one's own are not available here.",
        "Take 'success-file'.",
      );
  }
  if (options.choice("partition.time-extractor.kind") === "custom")
    throw notAvailable(
      context,
      "partition.time-extractor.kind",
      "Extractors of one's own are not available here.",
      "Take 'default' with 'partition.time-extractor.timestamp-pattern'.",
    );
  if (policies !== null && options.choice("sink.partition-commit.trigger") === "partition-time") {
    const zone = options.text("sink.partition-commit.watermark-time-zone", "UTC");
    if (!isKnownZone(zone))
      throw invalid(context, "sink.partition-commit.watermark-time-zone", `The time zone '${zone}' is not known here.`);
  }
}

function notAvailable({ options }: ConnectorContext, key: string, message: string, hint: string): SqlError {
  return new SqlError("validate", "SQL_NOT_AVAILABLE", message, options.span(key), { hint });
}

/** What files hold: partition columns are in their paths. */
function inFiles({ table }: ConnectorContext): readonly TableColumn[] {
  return table.columns.filter(({ kind, name }) => kind === "physical" && !table.partitionKeys.includes(name));
}

const FILE_METADATA: Readonly<Record<string, (file: FileSourceSplit) => unknown>> = {
  "file.path": ({ path }) => new Path(path).getPath(),
  "file.name": ({ path }) => new Path(path).getName(),
  "file.size": ({ fileSize }) => fileSize,
  "file.modification-time": ({ fileModificationTime }) => fileModificationTime,
};

function fileSource(context: ConnectorContext): Source<Row> {
  const { table, options, evaluation } = context;
  const named = requireFormat(table, [FORMAT_SLOT], "source");
  const columns = inFiles(context);
  const decode = named.format.decoder!({ fields: columns, options: optionsOf(table, named), evaluation });
  const placeOf = (column: TableColumn): number => table.columns.indexOf(column) + FIELD_OFFSET;
  const places = columns.map(placeOf);
  const partitionPlaces = table.partitionKeys.map((name) => placeOf(table.columns.find((column) => column.name === name) as TableColumn));
  const partitionValues = partitionValuesOf(context);
  const metadata = table.columns.flatMap((column) =>
    column.kind === "metadata" ? [{ at: placeOf(column), read: FILE_METADATA[column.metadataKey ?? column.name] }] : [],
  );
  /** A row with what all rows of the file share. */
  const templateOf = (file: FileSourceSplit): Row => {
    const row: Row = new Array(table.columns.length + FIELD_OFFSET).fill(null);
    if (partitionPlaces.length > 0) {
      const values = partitionValues(new Path(file.path).getPath());
      for (let i = 0; i < values.length; i++) row[partitionPlaces[i]] = values[i];
    }
    for (const { at, read } of metadata) row[at] = read(file);
    return row;
  };
  const format: StreamFormat<Row> = {
    createReader(stream: FSDataInputStream, file: FileSourceSplit) {
      const template = templateOf(file);
      const waiting: Row[] = [];
      const emit = (kind: RowKind, values: readonly unknown[]): void => {
        const row = template.slice();
        row[0] = kind;
        for (let i = 0; i < values.length; i++) row[places[i]] = values[i];
        waiting.push(row);
      };
      return {
        read(): Row | null {
          while (waiting.length === 0) {
            const line = stream.readLine();
            if (line === null) return null;
            decode(line, emit);
          }
          return waiting.shift() as Row;
        },
      };
    },
  };
  const builder = FileSource.forRecordStreamFormat(format, options.text("path", ""));
  const monitorMs = options.durationMs("source.monitor-interval");
  if (monitorMs !== undefined) builder.monitorContinuously(monitorMs);
  const pattern = options.text("source.path.regex-pattern");
  if (pattern !== undefined) {
    const whole = javaRegExp(`^(?:${pattern})$`, "") as RegExp;
    builder.withPathFilter((path) => whole.test(path));
  }
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
  const path = options.text("path", "");
  const partitionOf = partitionPathOf(context, persisted);
  const builder = FileSink.forRowFormat<Row>(path, encoder)
    .withBucketAssigner({ getBucketId: partitionOf })
    .withRollingPolicy(rollingPolicyOf(options))
    .withBucketCheckInterval(options.durationMs("sink.rolling-policy.check-interval") ?? DEFAULT_CHECK_MS);
  if (compacts(options)) {
    // Files of one checkpoint are put together, as many as fit into one.
    const targetBytes = options.bytes("compaction.file-size", options.bytes("sink.rolling-policy.file-size", DEFAULT_FILE_BYTES));
    const strategy = FileCompactStrategy.Builder.newBuilder().enableCompactionOnCheckpoint(1).setSizeThreshold(targetBytes).build();
    builder.enableCompact(strategy, new ConcatFileCompactor());
  }
  if (table.partitionKeys.length > 0 && policiesOf(options) !== null) {
    const trigger = commitTriggerOf(context);
    const successFile = options.text("sink.partition-commit.success-file.name", "_SUCCESS");
    builder.withAfterCommit({
      name: "PartitionCommitter",
      createOperator: () => new PartitionCommitter(new Path(path), trigger, { successFile }),
    });
  }
  return builder.build() as unknown as Sink<unknown>;
}

function compacts(options: TableOptions): boolean {
  return options.boolean("auto-compaction", false);
}

/**
 * A partition must not be said to be complete while rows of it are in a file that nobody sees yet, and files are compacted when they are whole: then
 * files end with every checkpoint.
 */
function rollingPolicyOf(options: TableOptions): RollingPolicy<Row> {
  if (compacts(options) || policiesOf(options) !== null) return OnCheckpointRollingPolicy.build<Row>();
  return DefaultRollingPolicy.builder()
    .withMaxPartSize(options.bytes("sink.rolling-policy.file-size", DEFAULT_FILE_BYTES))
    .withRolloverInterval(options.durationMs("sink.rolling-policy.rollover-interval") ?? DEFAULT_INTERVAL_MS)
    .withInactivityInterval(options.durationMs("sink.rolling-policy.inactivity-interval") ?? DEFAULT_INTERVAL_MS)
    .build<Row>();
}
