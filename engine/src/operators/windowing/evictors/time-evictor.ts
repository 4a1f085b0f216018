import { MIN_TIMESTAMP } from "../../../base/long.ts";
import { OneSidedEvictor, retain, type TimestampedValue } from "./evictor.ts";

/** Keeps records that are less than the given time older than the newest. Does nothing when the first record has no timestamp. */
export class TimeEvictor extends OneSidedEvictor<unknown> {
  private readonly windowMs: number;

  private constructor(windowMs: number, doEvictAfter: boolean) {
    super(doEvictAfter);
    this.windowMs = windowMs;
  }

  static of(windowSize: { toMillis(): number }, doEvictAfter = false): TimeEvictor {
    return new TimeEvictor(windowSize.toMillis(), doEvictAfter);
  }

  protected override evict(elements: TimestampedValue<unknown>[]): void {
    if (elements.length === 0 || !elements[0].hasTimestamp) return;
    let newest = MIN_TIMESTAMP;
    for (const { timestamp } of elements) if (timestamp > newest) newest = timestamp;
    const cutoff = newest - this.windowMs;
    retain(elements, ({ timestamp }) => timestamp > cutoff);
  }
}
