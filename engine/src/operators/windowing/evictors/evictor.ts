import type { MetricGroup } from "../../../flow/functions.ts";
import type { Window } from "../window.ts";

/** A record in an evicting window. (Flink: docs/dev/datastream/operators/windows) */
export interface TimestampedValue<T> {
  /** The element. */
  readonly value: T;
  /** MIN_TIMESTAMP without one. */
  readonly timestamp: number;
  /** False for an element that has no timestamp. */
  readonly hasTimestamp: boolean;
}

/** What an evictor sees beside the elements. (Flink: docs/dev/datastream/operators/windows) */
export interface EvictorContext {
  /** Processing time in epoch ms; virtual here. */
  getCurrentProcessingTime(): number;
  /** The current watermark in epoch ms, MIN_TIMESTAMP before the first. */
  getCurrentWatermark(): number;
  /** Where to register metrics of the window operator. */
  getMetricGroup(): MetricGroup;
}

/**
 * Removes records from a window before or after it is evaluated, by shortening `elements` in place.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export interface Evictor<T, W extends Window> {
  /** Called before the window function. Deletes from `elements` what shall go. @param size how many there are. */
  evictBefore(elements: TimestampedValue<T>[], size: number, window: W, context: EvictorContext): void;
  /**
   * Called after the window function. Deletes from `elements` what shall not be there at the next firing.
   *
   * @param size how many there are.
   */
  evictAfter(elements: TimestampedValue<T>[], size: number, window: W, context: EvictorContext): void;
}

/** Base of the three built-in evictors: one rule, applied before or after. */
export abstract class OneSidedEvictor<T> implements Evictor<T, Window> {
  private readonly doEvictAfter: boolean;

  constructor(doEvictAfter: boolean) {
    this.doEvictAfter = doEvictAfter;
  }

  evictBefore(elements: TimestampedValue<T>[], _size: number, _window: Window, _context: EvictorContext): void {
    if (!this.doEvictAfter) this.evict(elements);
  }

  evictAfter(elements: TimestampedValue<T>[], _size: number, _window: Window, _context: EvictorContext): void {
    if (this.doEvictAfter) this.evict(elements);
  }

  protected abstract evict(elements: TimestampedValue<T>[]): void;
}

/** Keeps what the predicate accepts, in place. */
export function retain<T>(elements: T[], keep: (element: T) => boolean): void {
  let length = 0;
  for (const element of elements) if (keep(element)) elements[length++] = element;
  elements.length = length;
}
