/**
 * Plans what is read of an Iceberg table. Once: all files of one snapshot, or those that came in between two. Streaming: every interval, the files of
 * snapshots that are new. Iceberg: `StaticIcebergEnumerator`, `ContinuousIcebergEnumerator`.
 *
 * A stream of rows can say what was appended, not what was deleted. So only `append` snapshots are read while streaming; those that replace rows are
 * passed over without a word, as in Iceberg.
 */
import { outsideOf } from "../../flow/engine-access.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import type { SplitEnumerator, SplitEnumeratorContext } from "../../flow/source.ts";
import type { Watch } from "../systems/change-feed.ts";
import type { CountedSplit } from "../files/source/file-split-reader.ts";
import type { IcebergCatalog } from "./iceberg-catalog.ts";
import { type ScanTask, scanTasksOf, type Snapshot } from "./table-metadata.ts";
import type { TableLoader } from "./table-loader.ts";

/** One data file with its deletes, and how far it has been read. Iceberg: `IcebergSourceSplit`. */
export interface IcebergSourceSplit extends CountedSplit {
  readonly task: ScanTask;
}

/** Iceberg: `StreamingStartingStrategy`. */
export type StartingStrategy =
  | "TABLE_SCAN_THEN_INCREMENTAL"
  | "INCREMENTAL_FROM_LATEST_SNAPSHOT"
  | "INCREMENTAL_FROM_LATEST_SNAPSHOT_EXCLUSIVE"
  | "INCREMENTAL_FROM_EARLIEST_SNAPSHOT"
  | "INCREMENTAL_FROM_SNAPSHOT_ID"
  | "INCREMENTAL_FROM_SNAPSHOT_TIMESTAMP";

export interface IcebergScan {
  readonly loader: TableLoader;
  /** null = read once and end. */
  readonly monitorIntervalMs: number | null;
  readonly startingStrategy: StartingStrategy;
  readonly snapshotId: number | null;
  readonly asOfTimestampMs: number | null;
  /** Streaming: inclusive. Once: exclusive. */
  readonly startSnapshotId: number | null;
  readonly startSnapshotTimestampMs: number | null;
  readonly endSnapshotId: number | null;
}

/** Iceberg: `IcebergEnumeratorState`. */
export interface IcebergEnumeratorState {
  readonly splits: readonly IcebergSourceSplit[];
  /** The last snapshot that was looked at: null = the table was empty. Absent = nothing was planned yet. */
  readonly position?: number | null;
  readonly lastSplitId: number;
}

export class IcebergSourceEnumerator implements SplitEnumerator<IcebergSourceSplit, IcebergEnumeratorState> {
  readonly #context: SplitEnumeratorContext<IcebergSourceSplit>;
  readonly #scan: IcebergScan;
  readonly #catalog: IcebergCatalog;
  readonly #remaining: IcebergSourceSplit[];
  /** Readers that wait for a file. */
  readonly #waiting = new Set<number>();
  #position: number | null | undefined;
  #lastSplitId: number = 0;
  #watch: Watch | null = null;
  #startMs = 0;
  #looks = false;

  constructor(context: SplitEnumeratorContext<IcebergSourceSplit>, scan: IcebergScan, restored: IcebergEnumeratorState | undefined) {
    this.#context = context;
    this.#scan = scan;
    this.#catalog = scan.loader.load(outsideOf(context)).catalog;
    this.#remaining = [...(restored?.splits ?? [])];
    this.#position = restored?.position;
    this.#lastSplitId = restored?.lastSplitId ?? 0;
    context.metricGroup().setUnassignedSplitsGauge(() => this.#remaining.length);
  }

  start(): void {
    const { monitorIntervalMs, loader } = this.#scan;
    this.#startMs = this.#context.currentMs();
    if (monitorIntervalMs === null) {
      if (this.#position === undefined) this.#plan(this.#tasksOfTable());
      this.#position ??= null;
      return;
    }
    this.#watch = this.#catalog.changes.watch(
      (table) => table === loader.tableName,
      () => this.#lookLater(monitorIntervalMs),
    );
    this.#discover();
  }

  addReader(): void {}

  handleSplitRequest(subtaskIndex: number): void {
    const split = this.#remaining.shift();
    if (split !== undefined) this.#context.assignSplit(split, subtaskIndex);
    else if (this.#scan.monitorIntervalMs === null) this.#context.signalNoMoreSplits(subtaskIndex);
    else this.#waiting.add(subtaskIndex);
  }

  addSplitsBack(splits: readonly IcebergSourceSplit[]): void {
    this.#remaining.unshift(...splits);
  }

  snapshotState(): IcebergEnumeratorState {
    const position = this.#position;
    const lastSplitId = this.#lastSplitId;
    return { splits: [...this.#remaining], ...(position === undefined ? {} : { position }), lastSplitId };
  }

  close(): void {
    this.#watch?.cancel();
  }

  /** Every interval since the start; those before which nothing has changed are left out. */
  #lookLater(intervalMs: number): void {
    if (this.#looks) return;
    this.#looks = true;
    const sinceStartMs = this.#context.currentMs() - this.#startMs;
    const delayMs = (Math.floor(sinceStartMs / intervalMs) + 1) * intervalMs - sinceStartMs;
    this.#context.callAsync(
      () => undefined,
      () => {
        this.#looks = false;
        this.#discover();
      },
      delayMs,
    );
  }

  #discover(): void {
    const snapshots = this.#snapshots();
    if (this.#position === undefined) {
      const { position, tasks } = this.#beginning(snapshots);
      this.#position = position;
      this.#plan(tasks);
    }
    const from = this.#position === null ? 0 : snapshots.findIndex(({ snapshotId }) => snapshotId === this.#position) + 1;
    if (this.#position !== null && from === 0) throw notFound(`Cannot find snapshot with ID ${this.#position}: it has expired`, snapshots);
    const added = snapshots.slice(from);
    this.#plan(added.flatMap(appended));
    this.#position = added.at(-1)?.snapshotId ?? this.#position;
    this.#watch?.seen();
    for (const reader of [...this.#waiting]) {
      if (this.#remaining.length === 0) break;
      this.#waiting.delete(reader);
      this.handleSplitRequest(reader);
    }
  }

  /** Where streaming begins: behind which snapshot, and what of the table is read before. */
  #beginning(snapshots: readonly Snapshot[]): { readonly position: number | null; readonly tasks: readonly ScanTask[] } {
    const { startingStrategy, startSnapshotId, startSnapshotTimestampMs } = this.#scan;
    const latest = snapshots.at(-1);
    const before = (index: number): number | null => snapshots[index - 1]?.snapshotId ?? null;
    switch (startingStrategy) {
      case "TABLE_SCAN_THEN_INCREMENTAL":
        return { position: latest?.snapshotId ?? null, tasks: latest === undefined ? [] : scanTasksOf(latest) };
      case "INCREMENTAL_FROM_LATEST_SNAPSHOT":
        return { position: before(snapshots.length - 1), tasks: [] };
      case "INCREMENTAL_FROM_LATEST_SNAPSHOT_EXCLUSIVE":
        return { position: latest?.snapshotId ?? null, tasks: [] };
      case "INCREMENTAL_FROM_EARLIEST_SNAPSHOT":
        return { position: null, tasks: [] };
      case "INCREMENTAL_FROM_SNAPSHOT_ID": {
        const index = snapshots.findIndex(({ snapshotId }) => snapshotId === startSnapshotId);
        if (index === -1) throw notFound(`Start snapshot id not found in history: ${startSnapshotId}`, snapshots);
        return { position: before(index), tasks: [] };
      }
      case "INCREMENTAL_FROM_SNAPSHOT_TIMESTAMP": {
        const index = snapshots.findIndex(({ timestampMs }) => timestampMs >= (startSnapshotTimestampMs ?? 0));
        if (index === -1) throw notFound(`Cannot find a snapshot after: ${startSnapshotTimestampMs}`, snapshots);
        return { position: before(index), tasks: [] };
      }
    }
  }

  /** What is read of a table that is read once. */
  #tasksOfTable(): ScanTask[] {
    const { snapshotId, asOfTimestampMs, startSnapshotId, endSnapshotId } = this.#scan;
    const snapshots = this.#snapshots();
    if (startSnapshotId !== null || endSnapshotId !== null) {
      const from = startSnapshotId === null ? -1 : this.#indexOf(snapshots, startSnapshotId);
      const to = endSnapshotId === null ? snapshots.length - 1 : this.#indexOf(snapshots, endSnapshotId);
      return snapshots.slice(from + 1, to + 1).flatMap(appended);
    }
    if (snapshotId !== null) return scanTasksOf(snapshots[this.#indexOf(snapshots, snapshotId)]);
    if (asOfTimestampMs !== null) {
      const snapshot = snapshots.findLast(({ timestampMs }) => timestampMs <= asOfTimestampMs);
      if (snapshot === undefined) throw notFound(`Cannot find a snapshot older than ${asOfTimestampMs}`, snapshots);
      return scanTasksOf(snapshot);
    }
    const current = snapshots.at(-1);
    return current === undefined ? [] : scanTasksOf(current);
  }

  #indexOf(snapshots: readonly Snapshot[], id: number): number {
    const index = snapshots.findIndex(({ snapshotId }) => snapshotId === id);
    if (index === -1) throw notFound(`Cannot find snapshot with ID ${id}`, snapshots);
    return index;
  }

  #plan(tasks: readonly ScanTask[]): void {
    for (const task of tasks) this.#remaining.push({ splitId: String(++this.#lastSplitId).padStart(10, "0"), task, recordsRead: 0 });
  }

  #snapshots(): readonly Snapshot[] {
    return this.#scan.loader.load(outsideOf(this.#context)).table.snapshots;
  }
}

/** The files that an `append` snapshot has brought; nothing of others. */
function appended(snapshot: Snapshot): ScanTask[] {
  if (snapshot.operation !== "append") return [];
  return snapshot.files
    .filter(({ content, sequenceNumber }) => content === "data" && sequenceNumber === snapshot.sequenceNumber)
    .map((data) => ({ data, deletes: [] }));
}

function notFound(message: string, snapshots: readonly Snapshot[]): Diagnostic {
  const known = snapshots.map(({ snapshotId }) => snapshotId).join(", ");
  return new Diagnostic({
    code: "ICEBERG_SNAPSHOT_UNKNOWN",
    phase: "runtime",
    message,
    expected: known === "" ? "a snapshot; the table has none yet" : `one of the snapshots ${known}`,
  });
}
