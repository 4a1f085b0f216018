/**
 * Where an operator's records go inside a task: to the next operator of the chain, called directly, or into channels.
 * `OperatorOutput` (operator-output.ts) fans out to these.
 *
 * Watermarks and status pass the same gate as Flink's `ChainingOutput` and `RecordWriterOutput`: while an output is announced idle, no
 * watermark leaves through it, and a status is told only when it changes.
 */
import { MIN_TIMESTAMP } from "../base/long.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { ValueCopier } from "../types/value-copier.ts";
import { BARE_RECORD, type Channel, END_OF_DATA, END_OF_PARTITION, RECORD, STATUS, WATERMARK } from "./channel.ts";
import type { ChannelSelector } from "./channel-selector.ts";
import { type CheckpointBarrier, forcedAligned } from "./checkpoint/checkpoint-barrier.ts";
import type { TaskMeter } from "./task-meter.ts";

export interface RecordTarget {
  /** Records that have come through. */
  readonly numRecords: number;
  /** It leads to the next operator of the chain, not out of the task. */
  readonly chained: boolean;
  collect(record: StreamRecord): void;
  emitWatermark(timestampMs: number): void;
  emitWatermarkStatus(idle: boolean): void;
}

/** The next operator of the chain. */
export class ChainTarget implements RecordTarget {
  readonly chained = true;
  numRecords = 0;
  /** The watermark given to the operator last. */
  watermarkMs = MIN_TIMESTAMP;
  private readonly meter: TaskMeter;
  private readonly index: number;
  private readonly operator: OneInputStreamOperator;
  private readonly costUs: number;
  private idle = false;

  constructor(meter: TaskMeter, index: number, operator: OneInputStreamOperator, costUs: number) {
    this.meter = meter;
    this.index = index;
    this.operator = operator;
    this.costUs = costUs;
  }

  collect(record: StreamRecord): void {
    const { meter } = this;
    const caller = meter.activeOperator;
    // The operator may put another timestamp into the record, which its caller may use again for the next value.
    const { timestamp, hasTimestamp } = record;
    meter.activeOperator = this.index;
    if (this.costUs !== 0) meter.costUs += this.costUs;
    this.numRecords++;
    this.operator.processElement(record);
    meter.activeOperator = caller;
    record.timestamp = timestamp;
    record.hasTimestamp = hasTimestamp;
  }

  emitWatermark(timestampMs: number): void {
    if (this.idle) return;
    this.watermarkMs = timestampMs;
    const { meter } = this;
    const caller = meter.activeOperator;
    meter.activeOperator = this.index;
    this.operator.processWatermark(timestampMs);
    meter.activeOperator = caller;
  }

  emitWatermarkStatus(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.operator.processWatermarkStatus(idle);
  }
}

/**
 * The next operator of the chain, given a copy of each value: what one operator keeps or changes, the other does not see. Flink's way unless
 * the program enables object reuse.
 */
export class CopyingChainTarget extends ChainTarget {
  private readonly copier = new ValueCopier();

  override collect(record: StreamRecord): void {
    const { value } = record;
    record.value = this.copier.copy(value);
    super.collect(record);
    record.value = value;
  }
}

const NO_COPY = { copy: (value: unknown): unknown => value };

/** The channels of one edge. Values are copied on the way, as a serializer would: no two tasks ever share an object that anybody may change. */
export class ChannelTarget implements RecordTarget {
  readonly chained = false;
  numRecords = 0;
  private readonly channels: readonly Channel[];
  /** undefined = broadcast. */
  private readonly selector: ChannelSelector | undefined;
  private readonly supportsUnaligned: boolean;
  private readonly copier: { copy(value: unknown): unknown };
  private idle = false;

  /**
   * @param supportsUnaligned whether barriers may overtake records here.
   * @param immutable values are handed on as they are.
   */
  constructor(channels: readonly Channel[], selector: ChannelSelector | undefined, supportsUnaligned = false, immutable = false) {
    this.copier = immutable ? NO_COPY : new ValueCopier();
    this.channels = channels;
    this.selector = selector;
    this.supportsUnaligned = supportsUnaligned;
  }

  collect(record: StreamRecord): void {
    const kind = record.hasTimestamp ? RECORD : BARE_RECORD;
    const { selector, channels } = this;
    this.numRecords++;
    if (selector !== undefined) {
      channels[selector.select(record.value)].push(kind, this.copier.copy(record.value), record.timestamp);
      return;
    }
    for (const channel of channels) channel.push(kind, this.copier.copy(record.value), record.timestamp);
  }

  emitWatermark(timestampMs: number): void {
    if (!this.idle) this.broadcast(WATERMARK, timestampMs);
  }

  emitWatermarkStatus(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.broadcast(STATUS, idle ? 1 : 0);
  }

  emitBarrier(barrier: CheckpointBarrier): void {
    const sent = this.supportsUnaligned ? barrier : forcedAligned(barrier);
    for (const channel of this.channels) {
      if (sent.alignment === "unaligned") channel.pushBarrierAhead(sent);
      else channel.pushBarrier(sent);
    }
  }

  emitEndOfData(): void {
    this.broadcast(END_OF_DATA, 0);
  }

  emitEndOfPartition(): void {
    this.broadcast(END_OF_PARTITION, 0);
  }

  private broadcast(kind: number, number: number): void {
    for (const channel of this.channels) channel.push(kind, undefined, number);
  }
}
