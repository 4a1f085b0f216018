import type { Collector } from "./element-functions.ts";
import type { Output } from "./output.ts";
import { StreamRecord } from "./stream-record.ts";

/**
 * The timestamp of what a function collects: that of the record, timer or window being worked on. It is the operator's; the function has the collector, which
 * only reads it.
 */
export class ResultTimestamp {
  timestampMs = 0;
  isSet = false;

  setOf(record: StreamRecord): void {
    this.timestampMs = record.timestamp;
    this.isSet = record.hasTimestamp;
  }

  set(timestampMs: number): void {
    this.timestampMs = timestampMs;
    this.isSet = true;
  }

  erase(): void {
    this.timestampMs = 0;
    this.isSet = false;
  }
}

/**
 * Where a function puts its results. One record is reused for all; its timestamp is set anew each time, because operators further down the chain may
 * have changed it.
 */
export class TimestampedCollector<T = unknown> implements Collector<T> {
  readonly #output: Output;
  readonly #timestamp: ResultTimestamp;
  readonly #record = new StreamRecord<unknown>(undefined);

  constructor(output: Output, timestamp: ResultTimestamp) {
    this.#output = output;
    this.#timestamp = timestamp;
  }

  collect(value: T): void {
    const record = this.#record;
    const timestamp = this.#timestamp;
    record.value = value;
    record.timestamp = timestamp.timestampMs;
    record.hasTimestamp = timestamp.isSet;
    this.#output.collect(record);
  }
}
