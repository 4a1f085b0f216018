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
   * Processing time (epoch ms) up to which calling `onPeriodicEmit` again would change nothing unless a record comes; Infinity = time alone
   * changes nothing. The engine does not call until then. Without this method a generator is called at every interval.
   */
  settledUntilMs?(): number;
}

/** Calls `onPeriodicEmit`; gives the time until which the generator is settled, -Infinity when it does not say. */
export function emitPeriodically<T>(generator: WatermarkGenerator<T>, output: WatermarkOutput): number {
  generator.onPeriodicEmit(output);
  return settledUntil(generator);
}

/** See `WatermarkGenerator.settledUntilMs`; -Infinity when the generator does not say. */
export function settledUntil<T>(generator: WatermarkGenerator<T>): number {
  return generator.settledUntilMs?.() ?? Number.NEGATIVE_INFINITY;
}

/** Takes the event time out of a record; `recordTimestamp` is what it carried before (MIN_TIMESTAMP if nothing). */
export interface TimestampAssigner<T> {
  extractTimestamp(element: T, recordTimestamp: number): number;
}
export type TimestampAssignerLike<T> = TimestampAssigner<T> | ((element: T, recordTimestamp: number) => number);

export function timestampOf(watermark: Watermark | number): number {
  return typeof watermark === "number" ? watermark : watermark.timestamp;
}
