import { MIN_TIMESTAMP } from "../base/long.ts";
import type { KeyedOnTimerContext, TimeDomain, TimerService } from "../flow/functions.ts";
import type { Output, OutputTag } from "../flow/output.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import { checkedTag } from "./side-output.ts";

/**
 * The context of all process functions, one per operator and reused: for a record its timestamp, in `onTimer` the timer's. What is
 * asked for at the wrong time (a time domain while processing a record) is simply not in the type the function sees.
 */
export class ReusableProcessContext implements KeyedOnTimerContext<unknown> {
  private readonly output_: Output;
  private readonly timers: TimerService;
  private readonly currentKey: () => unknown;
  private readonly side = new StreamRecord<unknown>(undefined);
  private timestampMs = 0;
  private hasTimestamp = false;
  private domain: TimeDomain = "EVENT_TIME";

  constructor(output: Output, timers: TimerService, currentKey: () => unknown) {
    this.output_ = output;
    this.timers = timers;
    this.currentKey = currentKey;
  }

  ofRecord(record: StreamRecord): this {
    this.timestampMs = record.timestamp;
    this.hasTimestamp = record.hasTimestamp;
    return this;
  }

  ofTimer(timestampMs: number, domain: TimeDomain): this {
    this.timestampMs = timestampMs;
    this.hasTimestamp = true;
    this.domain = domain;
    return this;
  }

  timestamp(): number | null {
    return this.hasTimestamp ? this.timestampMs : null;
  }

  timerService(): TimerService {
    return this.timers;
  }

  timeDomain(): TimeDomain {
    return this.domain;
  }

  getCurrentKey(): unknown {
    return this.currentKey();
  }

  currentProcessingTime(): number {
    return this.timers.currentProcessingTime();
  }

  currentWatermark(): number {
    return this.timers.currentWatermark();
  }

  /** A record without a timestamp goes to a side output with the lowest one, as in Flink. */
  output<X>(outputTag: OutputTag<X>, value: X): void {
    this.side.value = value;
    this.side.setTimestamp(this.hasTimestamp ? this.timestampMs : MIN_TIMESTAMP);
    this.output_.collectSide(checkedTag(outputTag), this.side);
  }
}
