/** A channel of a recorded run: each record carries its cause, and what passes of watermarks is told. Records never overtake each other. */
import type { StreamRecord } from "../flow/stream-record.ts";
import { BARE_RECORD, Channel, type ChannelEnd, type ChannelSource, STATUS, WATERMARK } from "./channel.ts";
import { type ChannelPlace, type ChannelTrace, NO_CAUSE } from "./run-observer.ts";

export class TracedChannel extends Channel {
  private readonly trace: ChannelTrace;
  private readonly from: ChannelPlace;
  private readonly to: ChannelPlace;
  /** Of the records inside, in their order. */
  private readonly causes: number[] = [];

  constructor(
    place: { index: number; input: 1 | 2; inputChannel: number; capacity: number },
    source: ChannelSource,
    end: ChannelEnd,
    traced: { readonly trace: ChannelTrace; readonly from: ChannelPlace; readonly to: ChannelPlace },
  ) {
    super(place, source, end);
    this.trace = traced.trace;
    this.from = traced.from;
    this.to = traced.to;
  }

  override push(kind: number, value: unknown, number: number): void {
    if (kind <= BARE_RECORD) this.causes.push(this.trace.cause);
    super.push(kind, value, number);
  }

  override takeRecord(into: StreamRecord): boolean {
    if (!super.takeRecord(into)) return false;
    this.trace.cause = this.causes.shift() ?? NO_CAUSE;
    return true;
  }

  override pop(): void {
    const { headKind: kind, headNumber: number, trace, from, to } = this;
    super.pop();
    trace.cause = NO_CAUSE;
    if (kind === WATERMARK) trace.channelWatermark(from, to, number);
    else if (kind === STATUS) trace.channelIdle(from, to, number === 1);
  }
}
