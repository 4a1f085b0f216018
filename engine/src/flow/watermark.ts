/** A promise that no earlier record follows (late ones excepted). (Flink: docs/dev/datastream/event-time/generating_watermarks) */
export class Watermark {
  /** Event time in epoch ms. */
  readonly timestamp: number;

  /** @param timestamp event time in epoch ms. */
  constructor(timestamp: number) {
    this.timestamp = timestamp;
  }

  /** Event time in epoch ms. */
  getTimestamp(): number {
    return this.timestamp;
  }
}
