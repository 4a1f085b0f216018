import { MIN_TIMESTAMP } from "../base/long.ts";
import type { SinkWriteContext } from "./sink.ts";

/** The record that a sink is writing, and the watermark behind which it came. It is the operator's; the sink has the context, which only reads it. */
export class WrittenRecord {
  watermarkMs = MIN_TIMESTAMP;
  timestampMs: number | null = null;
}

/** What a writer sees beside the record. */
export class WriteContext implements SinkWriteContext {
  readonly #record: WrittenRecord;

  constructor(record: WrittenRecord) {
    this.#record = record;
  }

  currentWatermark(): number {
    return this.#record.watermarkMs;
  }

  timestamp(): number | null {
    return this.#record.timestampMs;
  }
}
