import { OneSidedEvictor, type TimestampedValue } from "./evictor.ts";

/** Keeps the newest `maxCount` records. (Flink: docs/dev/datastream/operators/windows) */
export class CountEvictor extends OneSidedEvictor<unknown> {
  private readonly maxCount: number;

  private constructor(maxCount: number, doEvictAfter: boolean) {
    super(doEvictAfter);
    this.maxCount = maxCount;
  }

  /** Keeps the last `maxCount` elements; by default before the function runs. */
  static of(maxCount: number, doEvictAfter = false): CountEvictor {
    return new CountEvictor(maxCount, doEvictAfter);
  }

  protected override evict(elements: TimestampedValue<unknown>[]): void {
    if (elements.length > this.maxCount) elements.splice(0, elements.length - this.maxCount);
  }
}
