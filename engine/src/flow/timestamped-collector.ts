import type { Collector } from "./element-functions.ts";
import type { Output, OutputTag } from "./output.ts";
import { StreamRecord } from "./stream-record.ts";

/**
 * Gives what a function collects the timestamp of the record, timer or window being worked on. One record is reused for all; its
 * timestamp is set anew each time, because operators further down the chain may have changed it.
 */
export class TimestampedCollector<T = unknown> implements Collector<T> {
  private readonly output: Output;
  private readonly record = new StreamRecord<unknown>(undefined);
  private timestamp = 0;
  private hasTimestamp = false;

  constructor(output: Output) {
    this.output = output;
  }

  collect(value: T): void {
    this.output.collect(this.fill(value));
  }

  /** Emits into a side output with the same timestamp. */
  collectSide(tag: OutputTag, value: unknown): void {
    this.output.collectSide(tag, this.fill(value));
  }

  setTimestampOf(record: StreamRecord): void {
    this.timestamp = record.timestamp;
    this.hasTimestamp = record.hasTimestamp;
  }

  setAbsoluteTimestamp(timestampMs: number): void {
    this.timestamp = timestampMs;
    this.hasTimestamp = true;
  }

  eraseTimestamp(): void {
    this.timestamp = 0;
    this.hasTimestamp = false;
  }

  private fill(value: unknown): StreamRecord {
    const record = this.record;
    record.value = value;
    record.timestamp = this.timestamp;
    record.hasTimestamp = this.hasTimestamp;
    return record;
  }
}
