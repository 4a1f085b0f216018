import type { MetricGroup } from "../../../flow/functions.ts";
import type { Window } from "../window.ts";

/** A record in an evicting window. */
export interface TimestampedValue<T> {
  readonly value: T;
  /** MIN_TIMESTAMP without one. */
  readonly timestamp: number;
  readonly hasTimestamp: boolean;
}

export interface EvictorContext {
  getCurrentProcessingTime(): number;
  getCurrentWatermark(): number;
  getMetricGroup(): MetricGroup;
}

/** Removes records from a window before or after it is evaluated, by shortening `elements` in place. */
export interface Evictor<T, W extends Window> {
  evictBefore(elements: TimestampedValue<T>[], size: number, window: W, context: EvictorContext): void;
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
