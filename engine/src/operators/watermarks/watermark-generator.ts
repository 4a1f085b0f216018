/** A promise that no earlier record follows (late ones excepted). */
export class Watermark {
  readonly timestamp: number;

  /** @param timestamp event time in epoch ms. */
  constructor(timestamp: number) {
    this.timestamp = timestamp;
  }

  getTimestamp(): number {
    return this.timestamp;
  }
}

/** Where generators put watermarks. A plain number will do for a Watermark. */
export interface WatermarkOutput {
  emitWatermark(watermark: Watermark | number): void;
  markIdle(): void;
  markActive(): void;
}

/** Makes watermarks out of records. `onPeriodicEmit` is called every auto-watermark interval (200 ms). */
export interface WatermarkGenerator<T> {
  onEvent(event: T, eventTimestamp: number, output: WatermarkOutput): void;
  onPeriodicEmit(output: WatermarkOutput): void;
  /**
   * True when calling `onPeriodicEmit` again would change nothing until the next record; the engine then stops calling until one comes.
   * Without this method a generator is called at every interval.
   */
  isSettled?(): boolean;
}

/** Takes the event time out of a record; `recordTimestamp` is what it carried before (MIN_TIMESTAMP if nothing). */
export interface TimestampAssigner<T> {
  extractTimestamp(element: T, recordTimestamp: number): number;
}
export type TimestampAssignerLike<T> = TimestampAssigner<T> | ((element: T, recordTimestamp: number) => number);

export function timestampOf(watermark: Watermark | number): number {
  return typeof watermark === "number" ? watermark : watermark.timestamp;
}
