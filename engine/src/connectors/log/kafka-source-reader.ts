/**
 * Reads the partitions of one source subtask, one record per poll, going round the partitions that have something to read.
 *
 * Position = the offset in each split, and only there: a restore reads again from the checkpoint's offsets. Aborted records are
 * skipped for read_committed readers, who also wait at the last stable offset.
 */
import { outsideOf } from "../../flow/engine-access.ts";
import type { CompletableFuture } from "../../flow/completable-future.ts";
import type { Counter } from "../../flow/metrics/metric.ts";
import type {
  InputStatus,
  ReaderOutput,
  SourceOutput,
  SourceReader,
  SourceReaderContext,
  SourceReaderMetricGroup,
} from "../../flow/source.ts";
import { logBrokerOf } from "../outside.ts";
import { ReaderAvailability } from "../reader-availability.ts";
import type { KafkaPartitionSplit } from "./kafka-partition-split.ts";
import type { LogBroker } from "./log-broker.ts";
import { OffsetOutOfRange } from "./log-errors.ts";
import type { IsolationLevel, LogPartition, LogRecord } from "./log-partition.ts";
import type { OffsetResetStrategy } from "./offsets-initializer.ts";

/**
 * A record with everything the log knows about it; `value` is the reader's own copy. Kafka: `ConsumerRecord`.
 * (Flink: docs/connectors/datastream/kafka)
 */
export interface ConsumerRecord {
  /** The topic it was read from. */
  readonly topic: string;
  /** Number of the partition, counted from 0. */
  readonly partition: number;
  /** Position in the partition, counted from 0. */
  readonly offset: number;
  /** Epoch ms. */
  readonly timestamp: number;
  /** Key of the log record, null when it has none. */
  readonly key: string | null;
  /** What the producer wrote. */
  readonly value: unknown;
}

export interface KafkaReaderSettings {
  readonly isolation: IsolationLevel;
  readonly bounded: boolean;
  /** Where to go on when the next record has been removed. */
  readonly offsetReset: OffsetResetStrategy;
  /** The group for which offsets are committed, undefined = for none. */
  readonly commitsOffsetsFor: string | undefined;
}

/** `max.poll.records`. */
const FETCH_RECORDS = 500;

/** Turns a record into zero or more values. */
export type RecordDeserializer<T> = (record: LogRecord, partition: LogPartition, collect: (value: T) => void) => void;

interface PartitionPosition<T> {
  readonly split: KafkaPartitionSplit;
  readonly log: LogPartition;
  offset: number;
  readonly subscription: { cancel(): void };
  /** The split's own output, once something was read from it. */
  output: SourceOutput<T> | null;
  /** Held by watermark alignment. */
  paused: boolean;
}

export class KafkaSourceReader<T> implements SourceReader<T, KafkaPartitionSplit> {
  readonly #availability = new ReaderAvailability();
  readonly #context: SourceReaderContext;
  readonly #broker: LogBroker;
  readonly #settings: KafkaReaderSettings;
  readonly #isolation: IsolationLevel;
  readonly #metrics: SourceReaderMetricGroup;
  readonly #numRecordsIn: Counter;
  readonly #deserialize: RecordDeserializer<T>;
  #positions: PartitionPosition<T>[] = [];
  #next = 0;
  #noMoreSplits = false;
  #closed = false;
  #wakesAtMs = Number.NEGATIVE_INFINITY;
  /** Records left of what the last fetch brought. */
  #fetched = 0;
  #fetching = false;
  #fetchDoneAtMs = Number.NEGATIVE_INFINITY;
  /** Offsets by checkpoint, until it is complete. */
  readonly #toCommit = new Map<number, readonly KafkaPartitionSplit[]>();
  #output: SourceOutput<T> | null = null;
  #timestampMs: number | undefined;
  readonly #last = { topic: "", partition: 0, offset: -1 };
  /** Bound once, so that polling allocates nothing. */
  readonly #collect = (value: T): void => {
    this.#output?.collect(value, this.#timestampMs);
  };

  constructor(context: SourceReaderContext, settings: KafkaReaderSettings, deserialize: RecordDeserializer<T>) {
    this.#context = context;
    this.#broker = logBrokerOf(outsideOf(context));
    this.#settings = settings;
    this.#isolation = settings.isolation;
    this.#deserialize = deserialize;
    this.#metrics = context.metricGroup();
    this.#numRecordsIn = this.#metrics.getIOMetricGroup().getNumRecordsInCounter();
    this.#metrics.setPendingRecordsGauge(() => this.#pendingRecords());
  }

  start(): void {}

  isAvailable(): CompletableFuture<void> {
    return this.#availability.waiting();
  }

  addSplits(splits: readonly KafkaPartitionSplit[]): void {
    for (const split of splits) {
      const subscription = this.#broker.onAppend(split.topic, split.partition, () => this.#availability.notify());
      const log = this.#broker.partition(split.topic, split.partition);
      const position = { split, log, offset: split.startingOffset, subscription, output: null, paused: false };
      this.#positions.push(position);
      const topic = this.#metrics.addGroup("KafkaSourceReader").addGroup("topic", split.topic);
      topic.addGroup("partition", String(split.partition)).gauge("currentOffset", () => lastReadOffset(position));
    }
    this.#availability.notify();
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true;
    this.#availability.notify();
  }

  pauseOrResumeSplits(splitsToPause: readonly string[], splitsToResume: readonly string[]): void {
    for (const position of this.#positions) {
      if (splitsToPause.includes(position.split.splitId)) position.paused = true;
      else if (splitsToResume.includes(position.split.splitId)) position.paused = false;
    }
    this.#availability.notify();
  }

  pollNext(output: ReaderOutput<T>): InputStatus {
    if (this.#closed) return "END_OF_INPUT";
    if (this.#fetched <= 0 && this.#mustWaitForFetch()) return "NOTHING_AVAILABLE";
    const count = this.#positions.length;
    for (let tried = 0; tried < count; tried++) {
      const position = this.#positions[this.#next];
      this.#next = this.#next + 1 === count ? 0 : this.#next + 1;
      if (position.paused) continue;
      if (position.offset < position.log.logStartOffset) this.#reset(position);
      const offset = position.log.nextReadable(position.offset, this.#isolation);
      if (offset === -1 || isBehindStop(position, offset)) {
        // Skip what will never be given out, so that the position can reach a stopping offset.
        position.offset = Math.max(position.offset, offset === -1 ? position.log.readLimit(this.#isolation) : offset);
        continue;
      }
      this.#emit(position, offset, output);
      this.#fetched--;
      return "MORE_AVAILABLE";
    }
    this.#fetched = 0;
    this.#releaseFinished(output);
    this.#waitForLeaders();
    return this.#noMoreSplits && this.#positions.length === 0 ? "END_OF_INPUT" : "NOTHING_AVAILABLE";
  }

  /** Records come in parcels: with a slow broker each takes its time. */
  #mustWaitForFetch(): boolean {
    const latencyMs = this.#broker.requestLatencyMs();
    const nowMs = this.#context.currentMs();
    if (latencyMs > 0 && nowMs >= this.#fetchDoneAtMs) {
      if (this.#fetching) {
        this.#fetching = false;
      } else {
        this.#fetching = true;
        this.#fetchDoneAtMs = nowMs + latencyMs;
        this.#context.wakeAt(this.#fetchDoneAtMs);
        return true;
      }
    } else if (nowMs < this.#fetchDoneAtMs) {
      return true;
    }
    this.#fetched = FETCH_RECORDS;
    return false;
  }

  #reset(position: PartitionPosition<T>): void {
    const { log } = position;
    switch (this.#settings.offsetReset) {
      case "EARLIEST":
        position.offset = log.logStartOffset;
        break;
      case "LATEST":
        position.offset = log.endFor(this.#isolation);
        break;
      case "NONE":
        throw new OffsetOutOfRange(log.topic, log.index, position.offset, log.logStartOffset);
    }
  }

  /** The reader is not at rest while a partition has no leader. */
  #waitForLeaders(): void {
    for (const { log } of this.#positions) {
      const { unavailableUntilMs } = log;
      if (unavailableUntilMs === null || unavailableUntilMs <= this.#wakesAtMs) continue;
      this.#wakesAtMs = unavailableUntilMs;
      this.#context.wakeAt(unavailableUntilMs);
    }
  }

  /** A partition that has reached its stopping offset leaves the reader, and no longer holds the watermark back. */
  #releaseFinished(output: ReaderOutput<T>): void {
    const finished = this.#positions.filter(isFinished);
    if (finished.length === 0) return;
    this.#positions = this.#positions.filter((position) => !finished.includes(position));
    this.#next = 0;
    for (const { split, subscription } of finished) {
      subscription.cancel();
      output.releaseOutputForSplit(split.splitId);
    }
  }

  /** Records that a reader of this isolation level could read right now. */
  #pendingRecords(): number {
    let pending = 0;
    for (const { log, offset } of this.#positions) pending += Math.max(0, log.readLimit(this.#isolation) - offset);
    return pending;
  }

  #emit(position: PartitionPosition<T>, offset: number, output: ReaderOutput<T>): void {
    const record = position.log.recordAt(offset);
    position.offset = offset + 1;
    this.#numRecordsIn.inc();
    this.#last.topic = position.split.topic;
    this.#last.partition = position.split.partition;
    this.#last.offset = offset;
    position.output ??= output.createOutputForSplit(position.split.splitId);
    this.#output = position.output;
    this.#timestampMs = record.timestampMs ?? undefined;
    const deserialize = this.#deserialize;
    deserialize(record, position.log, this.#collect);
  }

  /** Where the record that was polled last lies in the log; the same object every time. */
  lastPosition(): { readonly topic: string; readonly partition: number; readonly offset: number } {
    return this.#last;
  }

  snapshotState(checkpointId: number): readonly KafkaPartitionSplit[] {
    const splits = this.#positions.map(({ split, offset }) => ({ ...split, startingOffset: offset }));
    if (this.#settings.commitsOffsetsFor !== undefined) this.#toCommit.set(checkpointId, splits);
    return splits;
  }

  /** For monitoring, and for jobs that start without a checkpoint: this job never reads them again. */
  notifyCheckpointComplete(checkpointId: number): void {
    const group = this.#settings.commitsOffsetsFor;
    if (group === undefined) return;
    for (const { topic, partition, startingOffset: offset } of this.#toCommit.get(checkpointId) ?? []) {
      this.#broker.commitGroupOffset({ group, topic, partition, offset });
    }
    for (const id of [...this.#toCommit.keys()]) if (id <= checkpointId) this.#toCommit.delete(id);
  }

  close(): void {
    this.#closed = true;
    for (const { subscription } of this.#positions) subscription.cancel();
  }
}

/** Flink's metric says -1 before the first record. */
function lastReadOffset({ offset, split }: PartitionPosition<unknown>): number {
  return offset > split.startingOffset ? offset - 1 : -1;
}

function isBehindStop(position: PartitionPosition<unknown>, offset: number): boolean {
  const { stoppingOffset } = position.split;
  return stoppingOffset !== null && offset >= stoppingOffset;
}

function isFinished(position: PartitionPosition<unknown>): boolean {
  return isBehindStop(position, position.offset);
}
