/**
 * Reads the shards of one source subtask. By polling, GetRecords may be called five times a second per shard, by everybody together; by enhanced
 * fan-out the stream pushes what arrives, to each registered consumer on its own. What has come is emitted one record per poll.
 *
 * A shard that has been read to its end stays in the reader's checkpoints, marked as finished, until one of them is complete: the enumerator may have
 * been asked for its part of a checkpoint before it heard of the end.
 */
import type { CompletableFuture } from "../../flow/completable-future.ts";
import type { Counter } from "../../flow/metrics/metric.ts";
import type { InputStatus, ReaderOutput, SourceReader, SourceReaderContext } from "../../flow/source.ts";
import { ReaderAvailability } from "../reader-availability.ts";
import type { Kinesis, KinesisStream } from "./kinesis.ts";
import type { KinesisRecord, KinesisShard, ShardPosition } from "./kinesis-shard.ts";
import type { KinesisShardSplit, SplitsFinishedEvent } from "./kinesis-shard-split.ts";

/** `source.reader.type`. */
export type KinesisReaderType = "POLLING" | "EFO";

/** Flink's pause between two reads of a shard. */
const READ_INTERVAL_MS = 200;
/** Most records of one GetRecords. */
const READ_LIMIT = 10_000;

interface ShardReading {
  readonly split: KinesisShardSplit;
  readonly shard: KinesisShard;
  readonly subscription: { cancel(): void };
  position: ShardPosition;
  /** Number of the next record in the shard; those before `fetchedUpTo` are here. */
  next: number;
  fetchedUpTo: number;
  readableAtMs: number;
}

export class KinesisSourceReader<T> implements SourceReader<T, KinesisShardSplit> {
  readonly #context: SourceReaderContext;
  readonly #readerType: KinesisReaderType;
  readonly #kinesis: Kinesis;
  readonly #stream: KinesisStream;
  readonly #deserialize: (record: KinesisRecord, collect: (value: T) => void) => void;
  readonly #availability = new ReaderAvailability();
  readonly #numRecordsIn: Counter;
  #shards: ShardReading[] = [];
  #turn = 0;
  #wakesAtMs = Number.NEGATIVE_INFINITY;
  /** Finished shards, and the first checkpoint that has them so (null = none yet). */
  readonly #finished = new Map<string, { readonly split: KinesisShardSplit; inCheckpoint: number | null }>();

  constructor(
    context: SourceReaderContext,
    source: { readonly kinesis: Kinesis; readonly stream: KinesisStream },
    deserialize: (record: KinesisRecord, collect: (value: T) => void) => void,
    readerType: KinesisReaderType,
  ) {
    this.#readerType = readerType;
    this.#context = context;
    this.#kinesis = source.kinesis;
    this.#stream = source.stream;
    this.#deserialize = deserialize;
    this.#numRecordsIn = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
  }

  start(): void {}

  addSplits(splits: readonly KinesisShardSplit[]): void {
    for (const split of splits) {
      if (split.finished) this.#finish(split);
      else this.#open(split);
    }
    this.#availability.notify();
  }

  isAvailable(): CompletableFuture<void> {
    return this.#availability.waiting();
  }

  notifyNoMoreSplits(): void {}

  pollNext(output: ReaderOutput<T>): InputStatus {
    const nowMs = this.#context.currentMs();
    const count = this.#shards.length;
    for (let tried = 0; tried < count; tried++) {
      const reading = this.#shards[this.#turn % count];
      this.#turn++;
      if (reading.next < reading.fetchedUpTo || this.#fetch(reading, nowMs)) {
        this.#emit(reading, output);
        return "MORE_AVAILABLE";
      }
    }
    this.#releaseFinished(output);
    return "NOTHING_AVAILABLE";
  }

  snapshotState(checkpointId: number): readonly KinesisShardSplit[] {
    const open = this.#shards.map(({ split, position }) => ({ ...split, position }));
    const done = [...this.#finished.values()].map((entry) => {
      entry.inCheckpoint ??= checkpointId;
      return entry.split;
    });
    return [...open, ...done];
  }

  notifyCheckpointComplete(checkpointId: number): void {
    for (const [shardId, { inCheckpoint }] of [...this.#finished]) {
      if (inCheckpoint !== null && inCheckpoint <= checkpointId) this.#finished.delete(shardId);
    }
  }

  close(): void {
    for (const { subscription } of this.#shards) subscription.cancel();
  }

  #open(split: KinesisShardSplit): void {
    const shard = this.#stream.shard(split.splitId);
    const next = shard.indexOf(split.position, this.#context.currentMs());
    const subscription = shard.onChange(() => this.#availability.notify());
    this.#shards.push({
      split,
      shard,
      subscription,
      position: split.position,
      next,
      fetchedUpTo: next,
      readableAtMs: Number.NEGATIVE_INFINITY,
    });
  }

  /** True when it has brought something. */
  #fetch(reading: ShardReading, nowMs: number): boolean {
    const { shard } = reading;
    if (reading.next >= shard.length) return false;
    const readableAtMs = Math.max(this.#readableAtMs(reading), this.#kinesis.availableFromMs);
    if (nowMs < readableAtMs) {
      this.#wakeAt(readableAtMs);
      return false;
    }
    if (this.#readerType === "POLLING") {
      const admittedAtMs = shard.admitsRead(nowMs);
      if (admittedAtMs > nowMs) {
        this.#wakeAt(admittedAtMs);
        return false;
      }
      reading.readableAtMs = nowMs + READ_INTERVAL_MS + this.#kinesis.latencyMs;
    }
    // What has become too old since is gone.
    reading.next = Math.max(reading.next, shard.indexOf(reading.position, nowMs));
    reading.fetchedUpTo = this.#readerType === "POLLING" ? Math.min(shard.length, reading.next + READ_LIMIT) : reading.next + 1;
    if (reading.next >= shard.length) reading.fetchedUpTo = reading.next;
    return reading.next < reading.fetchedUpTo;
  }

  /** What is pushed has been under way for as long as a call takes. */
  #readableAtMs({ shard, next, readableAtMs }: ShardReading): number {
    if (this.#readerType === "POLLING") return readableAtMs;
    return (shard.recordAt(next)?.approximateArrivalTimestamp ?? 0) + this.#kinesis.latencyMs;
  }

  #emit(reading: ShardReading, output: ReaderOutput<T>): void {
    const record = reading.shard.recordAt(reading.next++) as KinesisRecord;
    reading.position = { kind: "AFTER_SEQUENCE_NUMBER", sequenceNumber: record.sequenceNumber };
    this.#numRecordsIn.inc();
    const splitOutput = output.createOutputForSplit(reading.split.splitId);
    const deserialize = this.#deserialize;
    deserialize(record, (value) => splitOutput.collect(value, record.approximateArrivalTimestamp));
  }

  #releaseFinished(output: ReaderOutput<T>): void {
    const done = this.#shards.filter(({ shard, next }) => shard.isClosed && next >= shard.length);
    if (done.length === 0) return;
    this.#shards = this.#shards.filter((reading) => !done.includes(reading));
    for (const { split, position, subscription } of done) {
      subscription.cancel();
      output.releaseOutputForSplit(split.splitId);
      this.#finish({ ...split, position, finished: true });
    }
  }

  #finish(split: KinesisShardSplit): void {
    this.#finished.set(split.splitId, { split, inCheckpoint: null });
    const event: SplitsFinishedEvent = { finishedShardIds: [split.splitId] };
    this.#context.sendSourceEventToCoordinator(event);
  }

  #wakeAt(atMs: number): void {
    if (atMs <= this.#wakesAtMs && this.#wakesAtMs > this.#context.currentMs()) return;
    this.#wakesAtMs = atMs;
    this.#context.wakeAt(atMs);
  }
}
