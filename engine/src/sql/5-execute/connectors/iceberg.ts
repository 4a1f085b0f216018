/**
 * `'connector' = 'iceberg'`: a table of an Iceberg catalog, which is made when it is not there.
 * (Iceberg: docs/latest/flink-connector, flink-configuration)
 *
 * Read once by default; `'streaming' = 'true'` goes on with what is appended. Written by snapshots, one per checkpoint: rows are appended, or, with a PRIMARY KEY, deleted and
 * replaced by it. Iceberg takes any option as a property of the table; here a name without a point that nobody knows is a slip of the pen.
 */
import { IcebergSink } from "../../../connectors/iceberg/iceberg-sink.ts";
import { type IcebergSource, IcebergSourceBuilder } from "../../../connectors/iceberg/iceberg-source.ts";
import type { StartingStrategy } from "../../../connectors/iceberg/iceberg-source-enumerator.ts";
import { TableLoader } from "../../../connectors/iceberg/table-loader.ts";
import type { TableRow } from "../../../connectors/iceberg/table-metadata.ts";
import type { SystemDescription } from "../../../connectors/systems/outside-system.ts";
import type { Sink, Source } from "../../../flow/connector.ts";
import { INSERT, rowKindString } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { fieldsDecoder, fieldsEncoder } from "../formats/json-value.ts";
import type { Connector, ConnectorContext } from "./connector.ts";
import { choice, optional, required, type TableOptions } from "./table-options.ts";

const STRATEGIES: readonly StartingStrategy[] = [
  "TABLE_SCAN_THEN_INCREMENTAL",
  "INCREMENTAL_FROM_LATEST_SNAPSHOT",
  "INCREMENTAL_FROM_LATEST_SNAPSHOT_EXCLUSIVE",
  "INCREMENTAL_FROM_EARLIEST_SNAPSHOT",
  "INCREMENTAL_FROM_SNAPSHOT_ID",
  "INCREMENTAL_FROM_SNAPSHOT_TIMESTAMP",
];

/** Of the catalog. Where it really is does not matter in a simulated world. */
const CATALOG_OPTIONS = [
  required("catalog-name"),
  choice("catalog-type", "hive", "hadoop", "rest"),
  optional("catalog-impl"),
  optional("catalog-database"),
  optional("catalog-table"),
  optional("warehouse"),
  optional("uri"),
  optional("io-impl"),
  optional("clients", "integer"),
  optional("hive-conf-dir"),
  optional("hadoop-conf-dir"),
  optional("cache-enabled", "boolean"),
  optional("credential"),
  optional("token"),
];

const READ_OPTIONS = [
  optional("streaming", "boolean"),
  optional("monitor-interval", "duration"),
  choice("starting-strategy", ...STRATEGIES.map((name) => name.toLowerCase())),
  optional("snapshot-id", "integer"),
  optional("as-of-timestamp", "integer"),
  optional("start-snapshot-id", "integer"),
  optional("start-snapshot-timestamp", "integer"),
  optional("end-snapshot-id", "integer"),
  optional("branch"),
  optional("tag"),
  optional("start-tag"),
  optional("end-tag"),
  optional("case-sensitive", "boolean"),
  optional("split-size", "integer"),
  optional("split-lookback", "integer"),
  optional("split-file-open-cost", "integer"),
  optional("include-column-stats", "boolean"),
  optional("max-planning-snapshot-count", "integer"),
  optional("max-allowed-planning-failures", "integer"),
  optional("limit", "integer"),
  optional("watermark-column"),
  optional("watermark-column-time-unit"),
];

const WRITE_OPTIONS = [
  choice("format-version", "1", "2", "3"),
  optional("upsert-enabled", "boolean"),
  optional("overwrite-enabled", "boolean"),
  choice("write-format", "parquet", "avro", "orc"),
  optional("target-file-size-bytes", "integer"),
  choice("distribution-mode", "none", "hash", "range"),
  optional("range-distribution-statistics-type"),
  optional("range-distribution-sort-key-base-weight", "number"),
  optional("compression-codec"),
  optional("compression-level"),
  optional("compression-strategy"),
  optional("write-parallelism", "integer"),
  optional("uid-suffix"),
  optional("table-refresh-interval", "duration"),
];

/** Refused with what to do instead: read as if they were not there, they would give other rows. */
const NOT_BUILT: Readonly<Record<string, string>> = {
  branch: "Tables have no branches here: take 'snapshot-id'.",
  tag: "Snapshots have no tags here: take 'snapshot-id'.",
  "start-tag": "Snapshots have no tags here: take 'start-snapshot-id'.",
  "end-tag": "Snapshots have no tags here: take 'end-snapshot-id'.",
  limit: "Write LIMIT in the query.",
  "watermark-column": "Declare a WATERMARK on the column.",
};

export const ICEBERG: Connector = {
  identifier: "iceberg",
  options: [...CATALOG_OPTIONS, ...READ_OPTIONS, ...WRITE_OPTIONS],
  prefixes: [
    "write.",
    "read.",
    "commit.",
    "history.",
    "gc.",
    "s3.",
    "client.",
    "rest.",
    "cache.",
    "property-version",
    "format.",
    "parquet.",
  ],
  sourceMode: () => "insert",
  sinkMode: ({ table }) => (table.primaryKey.length > 0 ? "all" : "insert"),
  validate(context, use) {
    const { table, options } = context;
    for (const [key, hint] of Object.entries(NOT_BUILT)) {
      if (options.has(key))
        throw new SqlError(
          "validate",
          "SQL_NOT_AVAILABLE",
          `The option '${key}' of Iceberg tables is not available here.`,
          options.keySpan(key),
          {
            found: key,
            hint,
          },
        );
    }
    if (use === "source") checkScan(context);
    else checkWrites(context);
    const odd = table.columns.find(({ kind }) => kind === "metadata");
    if (odd !== undefined)
      throw new SqlError(
        "validate",
        "SQL_METADATA",
        `An Iceberg table has no metadata columns, but '${odd.name}' is one.`,
        options.span("connector"),
      );
  },
  source: (context) => ({ source: icebergSource(context) }),
  sink: (context) => ({ sink: icebergSink(context) }),
  isEndless: () => false,
  systems: ({ options }, known) => systemsOf(options, known),
};

function warehouseOf(options: TableOptions): string {
  return options.text("warehouse", "/warehouse");
}

function loaderOf({ table, options }: ConnectorContext): TableLoader {
  const name = `${options.text("catalog-database", table.path.database)}.${options.text("catalog-table", table.name)}`;
  return TableLoader.createIfMissing(options.text("catalog-name", ""), name, table.partitionKeys);
}

/** Where the warehouse lies, and the catalog. */
function systemsOf(options: TableOptions, known: readonly SystemDescription[]): SystemDescription[] {
  const warehouse = warehouseOf(options);
  const bucket = /^s3[an]?:\/\/([^/]+)/.exec(warehouse)?.[1];
  const catalog = { kind: "iceberg", name: options.text("catalog-name", ""), warehouse, tables: [] };
  if (bucket === undefined) return [{ kind: "files", name: "files" }, catalog];
  const store = known.find(({ kind }) => kind === "objectStore") as
    | { readonly name: string; readonly buckets: readonly string[] }
    | undefined;
  const buckets = new Set([...(store?.buckets ?? []), bucket]);
  return [{ kind: "objectStore", name: store?.name ?? "s3", buckets: [...buckets] } as SystemDescription, catalog];
}

// ---- reading ----

function builderOf({ options }: ConnectorContext, rowOf: (row: TableRow) => Row): IcebergSourceBuilder<Row> {
  const numberOrNull = (key: string): number | null => options.number(key) ?? null;
  const strategy = options.text("starting-strategy")?.toUpperCase() as StartingStrategy | undefined;
  return new IcebergSourceBuilder<Row>(rowOf)
    .streaming(options.boolean("streaming", false))
    .monitorInterval(options.durationMs("monitor-interval") ?? 60_000)
    .streamingStartingStrategy(strategy ?? "INCREMENTAL_FROM_LATEST_SNAPSHOT")
    .useSnapshotId(numberOrNull("snapshot-id"))
    .asOfTimestamp(numberOrNull("as-of-timestamp"))
    .startSnapshotId(numberOrNull("start-snapshot-id"))
    .startSnapshotTimestamp(numberOrNull("start-snapshot-timestamp"))
    .endSnapshotId(numberOrNull("end-snapshot-id"));
}

function checkScan(context: ConnectorContext): void {
  const mistake = builderOf(context, () => []).contradiction();
  if (mistake === null) return;
  const { options } = context;
  const key = ["snapshot-id", "as-of-timestamp", "end-snapshot-id", "starting-strategy", "monitor-interval"].find((name) =>
    options.has(name),
  );
  throw new SqlError("validate", "SQL_OPTION_COMBINATION", mistake, options.span(key ?? "connector"));
}

function icebergSource(context: ConnectorContext): Source<Row> {
  const { table, evaluation } = context;
  const columns = table.columns.filter(({ kind }) => kind === "physical");
  const decode = fieldsDecoder(columns, { failsOnMissing: false, ignoresErrors: false }, evaluation);
  const places = columns.map((column) => table.columns.indexOf(column) + FIELD_OFFSET);
  const width = table.columns.length + FIELD_OFFSET;
  const rowOf = (object: TableRow): Row => {
    const row: Row = new Array(width).fill(null);
    row[0] = INSERT;
    const values = decode(object);
    for (let i = 0; i < values.length; i++) row[places[i]] = values[i];
    return row;
  };
  return builderOf(context, rowOf).tableLoader(loaderOf(context)).build() as IcebergSource<Row> as unknown as Source<Row>;
}

// ---- writing ----

function isUpsert(options: TableOptions): boolean {
  return options.boolean("upsert-enabled", options.boolean("write.upsert.enabled", false));
}

function checkWrites({ table, options }: ConnectorContext): void {
  const upserts = isUpsert(options);
  const fail = (message: string, key: string, hint?: string): SqlError =>
    new SqlError(
      "validate",
      "SQL_OPTION_COMBINATION",
      message,
      options.span(key) ?? options.span("connector"),
      hint === undefined ? {} : { hint },
    );
  const upsertKey = options.has("upsert-enabled") ? "upsert-enabled" : "write.upsert.enabled";
  if (options.boolean("overwrite-enabled", false)) {
    if (upserts) throw fail("OVERWRITE mode shouldn't be enable when configuring to use UPSERT data stream.", "overwrite-enabled");
    throw fail("Unbounded data stream doesn't support overwrite operation.", "overwrite-enabled");
  }
  if (upserts && table.primaryKey.length === 0) {
    throw fail(
      "Equality field columns shouldn't be empty when configuring to use UPSERT data stream.",
      upsertKey,
      "Declare PRIMARY KEY (…) NOT ENFORCED.",
    );
  }
  if (upserts && options.text("format-version", "2") === "1")
    throw fail("Cannot write delete files in a v1 table", upsertKey, "'format-version' = '2'");
  const keys = table.primaryKey.map((index) => table.columns[index].name);
  const missing = upserts ? table.partitionKeys.find((name) => !keys.includes(name)) : undefined;
  if (missing !== undefined)
    throw fail(`In UPSERT mode, partition field '${missing}' should be included in equality fields: '${keys.join(", ")}'`, upsertKey);
}

function icebergSink(context: ConnectorContext): Sink<unknown> {
  const { table, options } = context;
  const persisted = table.columns.filter((column) => column.persisted);
  const encoding = { iso: false, plainDecimals: true, leavesNullsOut: false, nullKeys: "literal", nullKeyLiteral: "null" } as const;
  const encode = fieldsEncoder(persisted, encoding);
  const keys = table.primaryKey.map((index) => table.columns[index].name);
  const sink = new IcebergSink<Row>({
    loader: loaderOf(context),
    equalityFields: keys,
    upsert: isUpsert(options),
    kindOf: keys.length === 0 ? undefined : (row) => rowKindString(kindOf(row)) as "+I",
    rowOf: (row) => encode(row.slice(FIELD_OFFSET)) as TableRow,
  });
  return sink as unknown as Sink<unknown>;
}
