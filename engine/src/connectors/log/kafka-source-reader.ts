/**
 * Reads the partitions of one source subtask, one record per poll, going round the partitions that have something to read.
 *
 * Position = the offset in each split, and only there: a restore reads again from the checkpoint's offsets. Aborted records are
 * skipped for read_committed readers, who also wait at the last stable offset.
 */
import type { InputStatus, ReaderOutput, SourceReader, SourceReaderContext } from "../../flow/connector.ts";
import { logBrokerOf } from "../outside.ts";
import type { KafkaPartitionSplit } from "./kafka-partition-split.ts";
import type { LogBroker } from "./log-broker.ts";
import type { IsolationLevel, LogPartition, LogRecord } from "./log-partition.ts";

/** A record with everything the log knows about it; `value` is the reader's own copy. Kafka: `ConsumerRecord`. */
export interface ConsumerRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: unknown;
}

/** Turns a record into zero or more values. */
export type RecordDeserializer<T> = (record: LogRecord, partition: LogPartition, collect: (value: T) => void) => void;

interface PartitionPosition {
  readonly split: KafkaPartitionSplit;
  readonly log: LogPartition;
  offset: number;
  readonly subscription: { cancel(): void };
}

export class KafkaSourceReader<T> implements SourceReader<T, KafkaPartitionSplit> {
  private readonly context: SourceReaderContext;
  private readonly broker: LogBroker;
  private readonly isolation: IsolationLevel;
  private readonly deserialize: RecordDeserializer<T>;
  private readonly positions: PartitionPosition[] = [];
  private next = 0;
  private noMoreSplits = false;
  private closed = false;
  private output: ReaderOutput<T> | null = null;
  private timestampMs: number | undefined;
  private readonly last = { topic: "", partition: 0, offset: -1 };
  /** Bound once, so that polling allocates nothing. */
  private readonly collect = (value: T): void => {
    this.output?.collect(value, this.timestampMs);
  };

  constructor(context: SourceReaderContext, isolation: IsolationLevel, deserialize: RecordDeserializer<T>) {
    this.context = context;
    this.broker = logBrokerOf(context.outside);
    this.isolation = isolation;
    this.deserialize = deserialize;
  }

  start(): void {}

  addSplits(splits: readonly KafkaPartitionSplit[]): void {
    for (const split of splits) {
      const subscription = this.broker.onAppend(split.topic, split.partition, () => this.context.onAvailable());
      this.positions.push({ split, log: this.broker.partition(split.topic, split.partition), offset: split.startingOffset, subscription });
    }
    this.context.onAvailable();
  }

  notifyNoMoreSplits(): void {
    this.noMoreSplits = true;
    this.context.onAvailable();
  }

  pollNext(outputOf: (splitId: string) => ReaderOutput<T>): InputStatus {
    if (this.closed) return "END_OF_INPUT";
    const count = this.positions.length;
    for (let tried = 0; tried < count; tried++) {
      const position = this.positions[this.next];
      this.next = this.next + 1 === count ? 0 : this.next + 1;
      const offset = position.log.nextReadable(position.offset, this.isolation);
      if (offset === -1 || isBehindStop(position, offset)) {
        // Skip what will never be given out, so that the position can reach a stopping offset.
        position.offset = Math.max(position.offset, offset === -1 ? position.log.readLimit(this.isolation) : offset);
        continue;
      }
      this.emit(position, offset, outputOf);
      return "MORE";
    }
    return this.noMoreSplits && this.positions.every(isFinished) ? "END_OF_INPUT" : "NOTHING_AVAILABLE";
  }

  private emit(position: PartitionPosition, offset: number, outputOf: (splitId: string) => ReaderOutput<T>): void {
    const record = position.log.recordAt(offset);
    position.offset = offset + 1;
    this.last.topic = position.split.topic;
    this.last.partition = position.split.partition;
    this.last.offset = offset;
    this.output = outputOf(position.split.splitId);
    this.timestampMs = record.timestampMs ?? undefined;
    this.deserialize(record, position.log, this.collect);
  }

  /** Where the record that was polled last lies in the log; the same object every time. */
  lastPosition(): { readonly topic: string; readonly partition: number; readonly offset: number } {
    return this.last;
  }

  snapshotState(): readonly KafkaPartitionSplit[] {
    return this.positions.map(({ split, offset }) => ({ ...split, startingOffset: offset }));
  }

  /** Offsets live in checkpoints; committing them to a consumer group would be for monitoring only. */
  notifyCheckpointComplete(): void {}

  close(): void {
    this.closed = true;
    for (const { subscription } of this.positions) subscription.cancel();
  }
}

function isBehindStop(position: PartitionPosition, offset: number): boolean {
  const { stoppingOffset } = position.split;
  return stoppingOffset !== null && offset >= stoppingOffset;
}

function isFinished(position: PartitionPosition): boolean {
  return isBehindStop(position, position.offset);
}
