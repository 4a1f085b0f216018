/**
 * Hands out the chunks of the captured tables, one at a time to whoever asks, and, when all have been read, the log to one reader.
 * (Flink CDC: `IncrementalSourceEnumerator`, `HybridSplitAssigner`)
 *
 * The replication slot is made before the first chunk is read: so the log has everything that changes meanwhile. Each chunk comes back with
 * its high watermark, the position up to which it is complete; the log is read from the lowest of them, without what the chunks contain
 * already. With several readers it is handed out only after a checkpoint has completed: records of chunks that are still on their way must not
 * be overtaken by changes of the same rows.
 */
import { outsideOf } from "../../../flow/engine-access.ts";
import { Diagnostic } from "../../../base/diagnostic.ts";
import type { SplitEnumerator, SplitEnumeratorContext } from "../../../flow/source.ts";
import type { PostgresDatabase } from "../database.ts";
import { PostgresError } from "../postgres-error.ts";
import type { FinishedSplitsAck, FinishedSplitsReport, StreamAssigned } from "./cdc-events.ts";
import { type CdcSplit, type FinishedChunk, type SnapshotSplit, STREAM_SPLIT_ID, type StreamSplit } from "./cdc-splits.ts";
import { chunksOf } from "./chunk-splitter.ts";
import { capturedTables, chunkKeyOf, databaseOf, type PostgresSourceConfig } from "./postgres-source-config.ts";

export interface CdcEnumeratorState {
  /** Chunks that no reader has. */
  readonly remaining: readonly SnapshotSplit[];
  /** Chunks that were handed out, read or not. */
  readonly assigned: readonly SnapshotSplit[];
  /** High watermarks of those that have been read, by split id. */
  readonly finished: Readonly<Record<string, number>>;
  /** The log may be handed out. */
  readonly snapshotDone: boolean;
  readonly streamAssigned: boolean;
  /** Where to begin without chunks. */
  readonly startLsn: number | null;
}

export class IncrementalSourceEnumerator implements SplitEnumerator<CdcSplit, CdcEnumeratorState> {
  readonly #context: SplitEnumeratorContext<CdcSplit>;
  readonly #config: PostgresSourceConfig;
  readonly #fresh: boolean = false;
  readonly #waiting = new Set<number>();
  #remaining: SnapshotSplit[];
  readonly #assigned: Map<string, SnapshotSplit>;
  readonly #finished: Map<string, number>;
  #snapshotDone: boolean = false;
  #streamAssigned: boolean = false;
  #startLsn: number | null;
  /** The first checkpoint that knows all chunks to be read. */
  #finishingCheckpoint: number | null = null;

  constructor(context: SplitEnumeratorContext<CdcSplit>, config: PostgresSourceConfig, restored: CdcEnumeratorState | undefined) {
    this.#context = context;
    this.#config = config;
    this.#fresh = restored === undefined;
    this.#remaining = [...(restored?.remaining ?? [])];
    this.#assigned = new Map(restored?.assigned.map((split) => [split.splitId, split]));
    this.#finished = new Map(Object.entries(restored?.finished ?? {}));
    this.#snapshotDone = restored?.snapshotDone ?? false;
    this.#streamAssigned = restored?.streamAssigned ?? false;
    this.#startLsn = restored?.startLsn ?? null;
    context.metricGroup().setUnassignedSplitsGauge(() => this.#remaining.length);
  }

  start(): void {
    const database = databaseOf(this.#config, outsideOf(this.#context));
    database.health.requireAvailable(database.name);
    database.publications.createForAllTablesIfMissing(this.#config.publication);
    this.#requireSlot(database);
    if (this.#fresh) this.#plan(database);
  }

  #requireSlot(database: PostgresDatabase): void {
    const { slotName, plugin, startup } = this.#config;
    if (database.slots.find(slotName) !== undefined) return;
    if (startup === "committed-offset" && this.#fresh) {
      throw new Diagnostic({
        code: "CDC_SLOT_MISSING",
        message: `The startup mode committed-offset needs the replication slot "${slotName}", which does not exist.`,
        phase: "runtime",
        found: slotName,
        hint: "Begin with StartupOptions.initial(), which makes the slot.",
      });
    }
    try {
      database.createReplicationSlot(slotName, plugin);
    } catch (failure) {
      if (!(failure instanceof PostgresError)) throw failure;
      throw new Error(`Fail to get or create slot for global stream split, the slot name is ${slotName}. Due to: ${failure.message}`, {
        cause: failure,
      });
    }
  }

  #plan(database: PostgresDatabase): void {
    const { startup, slotName } = this.#config;
    const tables = capturedTables(this.#config, database);
    if (startup === "latest-offset" || startup === "committed-offset") {
      this.#startLsn = startup === "latest-offset" ? database.wal.insertLsn : database.slots.get(slotName).confirmedFlushLsn;
      this.#snapshotDone = true;
      return;
    }
    for (const table of tables) {
      const chunkKey = chunkKeyOf(this.#config, table);
      for (const [index, range] of chunksOf(table.committedRows(), chunkKey, this.#config).entries()) {
        const splitId = `${table.qualifiedName}:${index}`;
        this.#remaining.push({ kind: "snapshot", splitId, table: table.qualifiedName, chunkKey, ...range, highWatermarkLsn: null });
      }
    }
  }

  addReader(): void {}

  handleSplitRequest(subtaskId: number): void {
    this.#waiting.add(subtaskId);
    this.#assignSplits();
  }

  handleSourceEvent(subtaskId: number, event: FinishedSplitsReport): void {
    const splitIds = Object.keys(event.highWatermarks);
    for (const splitId of splitIds) if (this.#assigned.has(splitId)) this.#finished.set(splitId, event.highWatermarks[splitId]);
    const ack: FinishedSplitsAck = { kind: "finishedSplitsAck", splitIds };
    this.#context.sendEventToSourceReader(subtaskId, ack);
    if (this.#allRead() && this.#context.currentParallelism() === 1) this.#snapshotDone = true;
    this.#assignSplits();
  }

  addSplitsBack(splits: readonly CdcSplit[], subtaskId: number): void {
    for (const split of splits) {
      if (split.kind === "stream") {
        this.#streamAssigned = false;
        continue;
      }
      // What was read of it has not been in a checkpoint.
      this.#assigned.delete(split.splitId);
      this.#finished.delete(split.splitId);
      this.#remaining.push({ ...split, highWatermarkLsn: null });
      this.#snapshotDone = false;
      this.#finishingCheckpoint = null;
    }
    this.#waiting.delete(subtaskId);
    this.#assignSplits();
  }

  snapshotState(checkpointId: number): CdcEnumeratorState {
    if (this.#finishingCheckpoint === null && !this.#snapshotDone && this.#allRead()) this.#finishingCheckpoint = checkpointId;
    return {
      remaining: this.#remaining,
      assigned: [...this.#assigned.values()],
      finished: Object.fromEntries(this.#finished),
      snapshotDone: this.#snapshotDone,
      streamAssigned: this.#streamAssigned,
      startLsn: this.#startLsn,
    };
  }

  notifyCheckpointComplete(checkpointId: number): void {
    if (this.#finishingCheckpoint !== null && checkpointId >= this.#finishingCheckpoint && this.#allRead()) this.#snapshotDone = true;
    this.#assignSplits();
  }

  close(): void {}

  #allRead(): boolean {
    return this.#remaining.length === 0 && [...this.#assigned.keys()].every((splitId) => this.#finished.has(splitId));
  }

  #assignSplits(): void {
    for (const subtask of [...this.#waiting].sort((a, b) => a - b)) {
      const split = this.#nextSplit();
      if (split === null) break;
      this.#waiting.delete(subtask);
      this.#context.assignSplit(split, subtask);
    }
    if (!this.#streamAssigned) return;
    const event: StreamAssigned = { kind: "streamAssigned" };
    for (const subtask of this.#context.registeredReaders().keys()) {
      this.#context.sendEventToSourceReader(subtask, event);
      if (this.#config.startup === "snapshot") this.#context.signalNoMoreSplits(subtask);
    }
  }

  #nextSplit(): CdcSplit | null {
    const chunk = this.#remaining.shift();
    if (chunk !== undefined) {
      this.#assigned.set(chunk.splitId, chunk);
      return chunk;
    }
    if (!this.#snapshotDone || this.#streamAssigned) return null;
    this.#streamAssigned = true;
    return this.#streamSplit();
  }

  #streamSplit(): StreamSplit {
    const finishedChunks = [...this.#assigned.values()].map(({ splitId, table, chunkKey, start, end }): FinishedChunk => {
      return { table, chunkKey, start, end, highWatermarkLsn: this.#finished.get(splitId) as number };
    });
    const watermarks = finishedChunks.map(({ highWatermarkLsn }) => highWatermarkLsn);
    return {
      kind: "stream",
      splitId: STREAM_SPLIT_ID,
      position: { lsn: this.#startLsn ?? Math.min(...watermarks), events: 0 },
      endingLsn: this.#config.startup === "snapshot" ? Math.max(...watermarks) : null,
      finishedChunks,
    };
  }
}
