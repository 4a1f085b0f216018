/**
 * A channel of a recorded run: each record carries its cause, what passes of watermarks is told, and so is what lies in the queue and in front of its
 * barriers. Records never overtake each other.
 */
import type { StreamRecord } from "../flow/stream-record.ts";
import { BARE_RECORD, BARRIER, Channel, type ChannelEnd, type ChannelSource, PASSED_BARRIER, STATUS, WATERMARK } from "./channel.ts";
import { kindOf, type Row } from "../types/row.ts";
import type { CheckpointBarrier } from "./checkpoint/checkpoint-barrier.ts";
import { type ChannelPlace, type ChannelTrace, NO_CAUSE, type QueuedBarrier } from "./run-observer.ts";

export class TracedChannel extends Channel {
  private readonly trace: ChannelTrace;
  private readonly from: ChannelPlace;
  private readonly to: ChannelPlace;
  /** The observer's own number of this channel. */
  private readonly number: number;
  /** Of the records inside, in their order. */
  private readonly causes: number[] = [];
  /** Barriers inside, also those that were handled ahead of their place. */
  private barriers = 0;
  /** Of SQL: how many rows of each kind were sent, in the order of `RowKind`. Null = values are no rows. */
  readonly sentRows: [number, number, number, number] | null;
  /** By checkpoint: how much its barrier has overtaken in the sender's queue. */
  private readonly overtaken = new Map<number, number>();

  constructor(
    place: { index: number; input: 1 | 2; inputChannel: number; capacity: number },
    source: ChannelSource,
    end: ChannelEnd,
    traced: { readonly trace: ChannelTrace; readonly from: ChannelPlace; readonly to: ChannelPlace; readonly carriesRows: boolean },
  ) {
    super(place, source, end);
    this.trace = traced.trace;
    this.from = traced.from;
    this.to = traced.to;
    this.sentRows = traced.carriesRows ? [0, 0, 0, 0] : null;
    this.number = this.trace.channelMade(this, this.from, this.to);
  }

  override setBlocked(blocked: boolean): void {
    if (blocked === this.blocked) return;
    this.blocked = blocked;
    this.trace.queueChanged(this.number, this);
  }

  override push(kind: number, value: unknown, number: number): void {
    if (kind <= BARE_RECORD) {
      this.causes.push(this.trace.cause);
      if (this.sentRows !== null && Array.isArray(value)) this.sentRows[kindOf(value as Row)]++;
    } else if (kind === BARRIER) this.barriers++;
    super.push(kind, value, number);
    this.trace.queueChanged(this.number, this);
  }

  override pushBarrierAhead(barrier: CheckpointBarrier): void {
    this.overtakes(barrier.checkpointId, this.size - this.received);
    super.pushBarrierAhead(barrier);
  }

  override advanceBarrier(index: number, barrier: CheckpointBarrier): void {
    this.overtakes(barrier.checkpointId, index - this.receiverBuffers);
    super.advanceBarrier(index, barrier);
    this.trace.queueChanged(this.number, this);
  }

  override passBarrier(index: number): void {
    super.passBarrier(index);
    this.trace.queueChanged(this.number, this);
  }

  override takeRecord(into: StreamRecord): boolean {
    if (!super.takeRecord(into)) return false;
    this.trace.cause = this.causes.shift() ?? NO_CAUSE;
    return true;
  }

  override pop(): void {
    const { headKind: kind, headNumber: number, trace, from, to } = this;
    super.pop();
    trace.queueChanged(this.number, this);
    trace.cause = NO_CAUSE;
    if (kind === WATERMARK) trace.channelWatermark(from, to, number);
    else if (kind === STATUS) trace.channelIdle(from, to, number === 1);
    else if (kind === BARRIER || kind === PASSED_BARRIER) {
      this.barriers--;
      this.overtaken.delete(number);
    }
  }

  /** From the front. */
  get queuedBarriers(): readonly QueuedBarrier[] {
    if (this.barriers === 0) return [];
    const found: QueuedBarrier[] = [];
    for (let ahead = 0; ahead < this.size; ahead++) {
      const kind = this.kindAt(ahead);
      if (kind !== BARRIER && kind !== PASSED_BARRIER) continue;
      const checkpoint = this.numberAt(ahead);
      found.push({ checkpoint, ahead, overtook: this.overtaken.get(checkpoint) ?? 0, passed: kind === PASSED_BARRIER });
    }
    return found;
  }

  private overtakes(checkpointId: number, elements: number): void {
    this.overtaken.set(checkpointId, (this.overtaken.get(checkpointId) ?? 0) + elements);
  }
}
