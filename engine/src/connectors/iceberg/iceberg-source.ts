/**
 * `IcebergSource`: reads a table of an Iceberg catalog, once or as a stream of what is appended. One split per data file.
 * (Iceberg: https://iceberg.apache.org/docs/latest/flink-queries/)
 */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Duration } from "../../base/duration.ts";
import type { Boundedness, Source, SourceReader, SourceReaderContext, SplitEnumerator, SplitEnumeratorContext } from "../../flow/source.ts";
import { fileSystemOf } from "../files/file-system.ts";
import { parquetRows } from "../files/parquet-text.ts";
import { Path } from "../files/path.ts";
import { CountingSourceReader } from "../files/source/file-split-reader.ts";
import {
  type IcebergEnumeratorState,
  type IcebergScan,
  IcebergSourceEnumerator,
  type IcebergSourceSplit,
  type StartingStrategy,
} from "./iceberg-source-enumerator.ts";
import { rowsOfTask, type TableRow } from "./table-metadata.ts";
import type { TableLoader } from "./table-loader.ts";

/** Iceberg's default of `monitor-interval`. */
const MONITOR_INTERVAL_MS = 60_000;

/**
 * Where a streaming read of an Iceberg table begins. Rows of snapshots that delete or replace are not read by streams.
 * (Flink: docs/connectors/table/overview; Iceberg: docs/latest/flink-configuration)
 */
export const StreamingStartingStrategy: { readonly [Name in StartingStrategy]: Name } = {
  /** The whole table first, then what is appended. */
  TABLE_SCAN_THEN_INCREMENTAL: "TABLE_SCAN_THEN_INCREMENTAL",
  /** What the latest snapshot has appended, and from there on. The default. */
  INCREMENTAL_FROM_LATEST_SNAPSHOT: "INCREMENTAL_FROM_LATEST_SNAPSHOT",
  /** What comes after the latest snapshot. */
  INCREMENTAL_FROM_LATEST_SNAPSHOT_EXCLUSIVE: "INCREMENTAL_FROM_LATEST_SNAPSHOT_EXCLUSIVE",
  /** From the first snapshot that the table remembers. */
  INCREMENTAL_FROM_EARLIEST_SNAPSHOT: "INCREMENTAL_FROM_EARLIEST_SNAPSHOT",
  /** From the snapshot `startSnapshotId`, inclusive. */
  INCREMENTAL_FROM_SNAPSHOT_ID: "INCREMENTAL_FROM_SNAPSHOT_ID",
  /** From the first snapshot that is not older than `startSnapshotTimestamp`. */
  INCREMENTAL_FROM_SNAPSHOT_TIMESTAMP: "INCREMENTAL_FROM_SNAPSHOT_TIMESTAMP",
};

/** Reads rows, plain objects, of an Iceberg table. Records carry no timestamp. Make one with `IcebergSource.forRow`. (Flink: docs/connectors/table/overview; Iceberg: docs/latest/flink-queries) */
export class IcebergSource<T> implements Source<T, IcebergSourceSplit, IcebergEnumeratorState> {
  readonly #scan: IcebergScan;
  readonly #rowOf: (row: TableRow) => T;

  /** @internal Use `IcebergSource.forRow`. */
  constructor(scan: IcebergScan, rowOf: (row: TableRow) => T) {
    this.#scan = scan;
    this.#rowOf = rowOf;
  }

  /** Starts building. Iceberg: `IcebergSource.forRowData()`. */
  static forRow<T extends object>(): IcebergSourceBuilder<T> {
    return new IcebergSourceBuilder<T>((row) => row as T);
  }

  /** BOUNDED, unless it is streaming. */
  getBoundedness(): Boundedness {
    return this.#scan.monitorIntervalMs === null ? "BOUNDED" : "CONTINUOUS_UNBOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<IcebergSourceSplit>): SplitEnumerator<IcebergSourceSplit, IcebergEnumeratorState> {
    return new IcebergSourceEnumerator(context, this.#scan, undefined);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<IcebergSourceSplit>,
    checkpoint: IcebergEnumeratorState,
  ): SplitEnumerator<IcebergSourceSplit, IcebergEnumeratorState> {
    return new IcebergSourceEnumerator(context, this.#scan, checkpoint);
  }

  createReader(context: SourceReaderContext): SourceReader<T, IcebergSourceSplit> {
    return new CountingSourceReader<T, IcebergSourceSplit>(context, ({ task }, block) => {
      const rows = rowsOfTask(task, (path) =>
        parquetRows(fileSystemOf(outsideOf(context), new Path(path), block).read(new Path(path))).map((row) => JSON.parse(row) as unknown),
      );
      let next = 0;
      return { read: () => (next < rows.length ? this.#rowOf(rows[next++]) : null) };
    });
  }
}

/** Builds an `IcebergSource`. (Flink: docs/connectors/table/overview; Iceberg: docs/latest/flink-queries) */
export class IcebergSourceBuilder<T> {
  readonly #rowOf: (row: TableRow) => T;
  #loader: TableLoader | null = null;
  #isStreaming = false;
  #intervalMs = MONITOR_INTERVAL_MS;
  #strategy: StartingStrategy = "INCREMENTAL_FROM_LATEST_SNAPSHOT";
  readonly #points = {
    snapshotId: null as number | null,
    asOfTimestampMs: null as number | null,
    startSnapshotId: null as number | null,
    startSnapshotTimestampMs: null as number | null,
    endSnapshotId: null as number | null,
  };

  /** @internal Use `IcebergSource.forRow`. @param rowOf what is given out for a row of the table. */
  constructor(rowOf: (row: TableRow) => T) {
    this.#rowOf = rowOf;
  }

  /** The table. Needed. */
  tableLoader(loader: TableLoader): this {
    this.#loader = loader;
    return this;
  }

  /** True: goes on with what is appended, and never ends. Default false. */
  streaming(streaming: boolean): this {
    this.#isStreaming = streaming;
    return this;
  }

  /** Streaming: how often to look for new snapshots (a number is milliseconds). Default 60 s. */
  monitorInterval(interval: Duration | number): this {
    this.#intervalMs = typeof interval === "number" ? interval : interval.toMillis();
    return this;
  }

  /** Streaming: where to begin. Default INCREMENTAL_FROM_LATEST_SNAPSHOT. */
  streamingStartingStrategy(strategy: StartingStrategy): this {
    this.#strategy = strategy;
    return this;
  }

  /** The snapshot to read, not streaming. Default: the current one. */
  useSnapshotId(snapshotId: number | null): this {
    this.#points.snapshotId = snapshotId;
    return this;
  }

  /** Reads the snapshot that was the current one at this time, epoch ms; not streaming. */
  asOfTimestamp(timestampMs: number | null): this {
    this.#points.asOfTimestampMs = timestampMs;
    return this;
  }

  /** Streaming from a snapshot: this one, inclusive. Otherwise: reads only what was appended after it. */
  startSnapshotId(snapshotId: number | null): this {
    this.#points.startSnapshotId = snapshotId;
    return this;
  }

  /** Streaming from a time, epoch ms. */
  startSnapshotTimestamp(timestampMs: number | null): this {
    this.#points.startSnapshotTimestampMs = timestampMs;
    return this;
  }

  /** Reads only what was appended up to this snapshot, inclusive; not streaming. */
  endSnapshotId(snapshotId: number | null): this {
    this.#points.endSnapshotId = snapshotId;
    return this;
  }

  /** The source. @throws Diagnostic ICEBERG_SOURCE_WITHOUT_TABLE, ICEBERG_SCAN_CONTEXT */
  build(): IcebergSource<T> {
    const loader = this.#loader;
    const points = this.#points;
    if (loader === null) {
      throw new Diagnostic({
        code: "ICEBERG_SOURCE_WITHOUT_TABLE",
        phase: "graph",
        message: "tableLoader is required.",
        expected: 'tableLoader(TableLoader.fromCatalog("lake", "db.orders"))',
      });
    }
    const mistake = this.contradiction();
    if (mistake !== null) throw new Diagnostic({ code: "ICEBERG_SCAN_CONTEXT", phase: "graph", message: mistake });
    const monitorIntervalMs = this.#isStreaming ? this.#intervalMs : null;
    return new IcebergSource({ loader, monitorIntervalMs, startingStrategy: this.#strategy, ...points }, this.#rowOf);
  }

  /** @internal What does not go together, in Iceberg's words; null = nothing. */
  contradiction(): string | null {
    const { snapshotId, asOfTimestampMs, startSnapshotId, startSnapshotTimestampMs, endSnapshotId } = this.#points;
    if (!this.#isStreaming) {
      if (snapshotId !== null && asOfTimestampMs !== null) return "Cannot set both snapshot id and as-of-timestamp for a batch read";
      return null;
    }
    if (!(this.#intervalMs > 0)) return "monitor-interval must be positive";
    if (snapshotId !== null) return "Cannot set snapshot-id option for streaming reader";
    if (asOfTimestampMs !== null) return "Cannot set as-of-timestamp option for streaming reader";
    if (endSnapshotId !== null) return "Cannot set end-snapshot-id option for streaming reader";
    if (this.#strategy === "INCREMENTAL_FROM_SNAPSHOT_ID") {
      if (startSnapshotId === null) return "Invalid starting snapshot id for SPECIFIC_START_SNAPSHOT_ID strategy: null";
      if (startSnapshotTimestampMs !== null) return "Invalid starting snapshot timestamp for SPECIFIC_START_SNAPSHOT_ID strategy: not null";
    }
    if (this.#strategy === "INCREMENTAL_FROM_SNAPSHOT_TIMESTAMP") {
      if (startSnapshotTimestampMs === null)
        return "Invalid starting snapshot timestamp for SPECIFIC_START_SNAPSHOT_TIMESTAMP strategy: null";
      if (startSnapshotId !== null) return "Invalid starting snapshot id for SPECIFIC_START_SNAPSHOT_TIMESTAMP strategy: not null";
    }
    return null;
  }
}
