import { Diagnostic } from "../../../base/diagnostic.ts";
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import { OneSidedEvictor, retain, type TimestampedValue } from "./evictor.ts";

/**
 * Keeps records that are less than the given time older than the newest. Does nothing when the first record has no timestamp.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class TimeEvictor extends OneSidedEvictor<unknown> {
  private readonly windowMs: number;

  private constructor(windowMs: number, doEvictAfter: boolean) {
    super(doEvictAfter);
    this.windowMs = windowMs;
  }

  /** Keeps elements that are no older than this against the window's newest one; by default before the function runs. */
  static of(windowSize: { toMillis(): number }, doEvictAfter = false): TimeEvictor {
    return new TimeEvictor(windowSize.toMillis(), doEvictAfter);
  }

  protected override evict(elements: TimestampedValue<unknown>[]): void {
    if (elements.length === 0 || !elements[0].hasTimestamp) return;
    let newest = MIN_TIMESTAMP;
    for (const { timestamp, hasTimestamp } of elements) {
      if (!hasTimestamp) throw someWithoutTimestamp();
      if (timestamp > newest) newest = timestamp;
    }
    const cutoff = newest - this.windowMs;
    retain(elements, ({ timestamp }) => timestamp > cutoff);
  }
}

function someWithoutTimestamp(): Diagnostic {
  return new Diagnostic({
    code: "RECORD_WITHOUT_TIMESTAMP",
    phase: "runtime",
    message: "Record has no timestamp. Is the time characteristic set to 'ProcessingTime', or did you forget to assign timestamps?",
    found: "a window with records of both kinds, with and without a timestamp",
    expected: "timestamps on all records, or on none (then TimeEvictor keeps everything)",
  });
}
