import { Watermark } from "../../flow/watermark.ts";

export { Watermark };

/**
 * Where generators put watermarks. A plain number will do for a Watermark.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface WatermarkOutput {
  /** No record up to this time (epoch ms) is expected any more. Lower than before = ignored. */
  emitWatermark(watermark: Watermark | number): void;
  /** Does not take part in the combined watermark until there is a record again. */
  markIdle(): void;
  /** Takes part in the combined watermark again. */
  markActive(): void;
}

/**
 * Makes watermarks out of records. `onPeriodicEmit` is called every auto-watermark interval (200 ms).
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface WatermarkGenerator<T> {
  /** Called for each record; may emit. @param eventTimestamp its event timestamp in epoch ms. */
  onEvent(event: T, eventTimestamp: number, output: WatermarkOutput): void;
  /** Called every 200 ms of processing time (`setAutoWatermarkInterval`); may emit. */
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

/**
 * Takes the event time out of a record; `recordTimestamp` is what it carried before (MIN_TIMESTAMP if nothing).
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface TimestampAssigner<T> {
  /** Event timestamp in epoch ms. @param recordTimestamp the one it has so far in epoch ms, MIN_TIMESTAMP when it has none. */
  extractTimestamp(element: T, recordTimestamp: number): number;
}
export type TimestampAssignerLike<T> = TimestampAssigner<T> | ((element: T, recordTimestamp: number) => number);

export function timestampOf(watermark: Watermark | number): number {
  return typeof watermark === "number" ? watermark : watermark.timestamp;
}
