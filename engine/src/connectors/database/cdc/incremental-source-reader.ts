/**
 * Reads the splits of a CDC source that its subtask has been given: a chunk at a time, or the log. (Flink CDC: `PostgresSourceReader`)
 *
 * A chunk's rows are all given out in one poll: a checkpoint comes before them or after them, and a restore reads the whole chunk again or
 * nothing of it. A chunk that has been read stays in the reader's state until the enumerator knows its high watermark.
 */
import { outsideOf } from "../../../flow/engine-access.ts";
import type { Counter } from "../../../flow/metrics/metric.ts";
import type { CompletableFuture } from "../../../flow/completable-future.ts";
import type { InputStatus, ReaderOutput, SourceEvent, SourceOutput, SourceReader, SourceReaderContext } from "../../../flow/source.ts";
import { copyValue } from "../../../types/value-copy.ts";
import { ReaderAvailability } from "../../reader-availability.ts";
import type { PostgresDatabase } from "../database.ts";
import { type SourceRecord, snapshotRecord } from "./change-event.ts";
import type { FinishedSplitsAck, FinishedSplitsReport, StreamAssigned } from "./cdc-events.ts";
import type { CdcSplit, SnapshotSplit, StreamSplit } from "./cdc-splits.ts";
import { ChunkFetch } from "./chunk-fetch.ts";
import type { DebeziumDeserializationSchema } from "./debezium-deserialization.ts";
import { databaseOf, type PostgresSourceConfig, SERVER_NAME } from "./postgres-source-config.ts";
import { StreamFetch } from "./stream-fetch.ts";

/** A reader that waits for the log looks up so often, and for so long. */
const WAKE_INTERVAL_MS = 1000;
const PATIENCE_MS = 600_000;

export class IncrementalSourceReader<T> implements SourceReader<T, CdcSplit> {
  readonly #context: SourceReaderContext;
  readonly #config: PostgresSourceConfig;
  readonly #database: PostgresDatabase;
  readonly #schema: DebeziumDeserializationSchema<T>;
  readonly #availability = new ReaderAvailability();
  readonly #numRecordsIn: Counter;
  readonly #chunks: SnapshotSplit[] = [];
  readonly #unacknowledged = new Map<string, SnapshotSplit>();
  #chunk: ChunkFetch | null = null;
  #streamSplit: StreamSplit | null = null;
  #stream: StreamFetch | null = null;
  #noMoreSplits = false;
  /** Some reader has the log. */
  #streamIsRead = false;
  #waitingSinceMs: number | null = null;
  #awakeAtMs = 0;
  /** Positions of checkpoints that have not been confirmed to the database, by checkpoint. */
  readonly #positions = new Map<number, number>();
  readonly #completed: number[] = [];
  #lastCheckpointId = 0;
  #slotToDrop: { readonly afterCheckpoint: number } | null = null;
  #output: SourceOutput<T> | null = null;
  #timestampMs = 0;
  readonly #out = { collect: (value: T): void => this.#output?.collect(value, this.#timestampMs) };

  constructor(context: SourceReaderContext, config: PostgresSourceConfig, schema: DebeziumDeserializationSchema<T>) {
    this.#context = context;
    this.#config = config;
    this.#schema = schema;
    this.#database = databaseOf(config, outsideOf(context));
    this.#numRecordsIn = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
  }

  start(): void {
    this.#report();
    if (this.#chunks.length === 0 && this.#streamSplit === null) this.#context.sendSplitRequest();
  }

  addSplits(splits: readonly CdcSplit[]): void {
    for (const split of splits) {
      if (split.kind === "stream") this.#streamSplit = split;
      else if (split.highWatermarkLsn === null) this.#chunks.push(split);
      else this.#unacknowledged.set(split.splitId, split);
    }
    this.#availability.notify();
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true;
    this.#availability.notify();
  }

  handleSourceEvents(event: SourceEvent): void {
    const message = event as FinishedSplitsAck | StreamAssigned;
    if (message.kind === "streamAssigned") this.#streamIsRead = true;
    else for (const splitId of message.splitIds) this.#unacknowledged.delete(splitId);
  }

  pollNext(output: ReaderOutput<T>): InputStatus {
    if (this.#chunks.length > 0) return this.#pollChunk(output, this.#chunks[0]);
    if (this.#streamSplit !== null) return this.#pollStream(output, this.#streamSplit);
    if (this.#noMoreSplits) return "END_OF_INPUT";
    this.#waitForStream();
    return "NOTHING_AVAILABLE";
  }

  /** Says to the world that there is more to come: the log is read once a checkpoint has completed. Without checkpoints it never is. */
  #waitForStream(): void {
    const nowMs = this.#context.currentMs();
    this.#waitingSinceMs ??= nowMs;
    if (this.#streamIsRead || nowMs < this.#awakeAtMs || nowMs - this.#waitingSinceMs > PATIENCE_MS) return;
    this.#awakeAtMs = nowMs + WAKE_INTERVAL_MS;
    this.#context.wakeAt(this.#awakeAtMs);
  }

  isAvailable(): CompletableFuture<void> {
    return this.#availability.waiting();
  }

  snapshotState(checkpointId: number): readonly CdcSplit[] {
    this.#lastCheckpointId = checkpointId;
    const splits: CdcSplit[] = [...this.#chunks, ...this.#unacknowledged.values()];
    if (this.#streamSplit === null) return splits;
    const stream = this.#stream?.snapshot() ?? this.#streamSplit;
    this.#positions.set(checkpointId, stream.position.lsn);
    return [...splits, stream];
  }

  /** The slot moves on some checkpoints later, so that the last few can still be restored. */
  notifyCheckpointComplete(checkpointId: number): void {
    this.#dropSlotAfterEnd(checkpointId);
    this.#completed.push(checkpointId);
    if (this.#completed.length <= this.#config.lsnCommitCheckpointsDelay) return;
    const confirmed = this.#completed.shift() as number;
    const lsn = this.#positions.get(confirmed);
    if (lsn !== undefined) this.#stream?.confirm(lsn);
    for (const earlier of this.#positions.keys()) if (earlier <= confirmed) this.#positions.delete(earlier);
  }

  close(): void {
    this.#stream?.close();
  }

  #pollChunk(output: ReaderOutput<T>, split: SnapshotSplit): InputStatus {
    const nowMs = this.#context.currentMs();
    this.#chunk ??= new ChunkFetch(this.#database, this.#config, split, this.#context.getIndexOfSubtask(), nowMs);
    const fetched = nowMs < this.#chunk.nextStepMs ? null : this.#chunk.step(nowMs);
    if (fetched === null) {
      this.#context.wakeAt(this.#chunk.nextStepMs);
      return "NOTHING_AVAILABLE";
    }
    const { table, rows, highWatermarkLsn } = fetched;
    const origin = { name: SERVER_NAME, database: this.#config.database };
    this.#output = output.createOutputForSplit(split.splitId);
    for (const row of rows) this.#emit(snapshotRecord(origin, table, row, nowMs, highWatermarkLsn));
    output.releaseOutputForSplit(split.splitId);
    this.#chunk = null;
    this.#chunks.shift();
    this.#unacknowledged.set(split.splitId, { ...split, highWatermarkLsn });
    this.#report();
    this.#context.sendSplitRequest();
    return "MORE_AVAILABLE";
  }

  #pollStream(output: ReaderOutput<T>, split: StreamSplit): InputStatus {
    const context = this.#context;
    this.#stream ??= new StreamFetch(
      this.#database,
      this.#config,
      split,
      () => context.currentMs(),
      () => this.#availability.notify(),
    );
    let record = this.#stream.next();
    if (record === null && this.#stream.fetch()) record = this.#stream.next();
    if (record !== null) {
      this.#output = output.createOutputForSplit(split.splitId);
      this.#emit(record);
      return "MORE_AVAILABLE";
    }
    if (this.#stream.ended) return this.#endStream(output, split);
    const nextMs = this.#stream.nextFetchMs;
    if (nextMs !== null) context.wakeAt(nextMs);
    return "NOTHING_AVAILABLE";
  }

  /** A source that only reads the tables has no more use for its slot, once a checkpoint knows that it is done. */
  #endStream(output: ReaderOutput<T>, split: StreamSplit): InputStatus {
    this.#stream?.close();
    this.#stream = null;
    this.#streamSplit = null;
    this.#slotToDrop = { afterCheckpoint: this.#lastCheckpointId };
    output.releaseOutputForSplit(split.splitId);
    this.#context.sendSplitRequest();
    return "MORE_AVAILABLE";
  }

  #dropSlotAfterEnd(checkpointId: number): void {
    if (this.#slotToDrop === null || checkpointId <= this.#slotToDrop.afterCheckpoint) return;
    this.#slotToDrop = null;
    if (this.#database.health.available && this.#database.slots.find(this.#config.slotName) !== undefined) {
      this.#database.dropReplicationSlot(this.#config.slotName);
    }
  }

  /** Gives out a copy: the rows are the database's own. */
  #emit(record: SourceRecord): void {
    this.#numRecordsIn.inc();
    this.#timestampMs = record.value.source.ts_ms;
    this.#schema.deserialize(copyValue(record), this.#out);
  }

  #report(): void {
    if (this.#unacknowledged.size === 0) return;
    const highWatermarks: Record<string, number> = {};
    for (const { splitId, highWatermarkLsn } of this.#unacknowledged.values()) highWatermarks[splitId] = highWatermarkLsn as number;
    const report: FinishedSplitsReport = { kind: "finishedSplits", highWatermarks };
    this.#context.sendSourceEventToCoordinator(report);
  }
}
