import { EventTimeTrigger } from "../triggers/event-time-trigger.ts";
import { TimeWindow } from "../window.ts";
import { gapOf, type SessionWindowTimeGapExtractor, type SessionGapLike } from "./session-gap.ts";
import { SessionWindows } from "./session-windows.ts";
import { requireParameters, type WindowAssignerContext } from "./window-assigner.ts";

/**
 * Sessions by event time: a window ends when no record came for the gap; windows that meet become one. As in Flink, and unlike the other
 * event-time windows, a record without a timestamp is no error: its session lies at the beginning of time and is late after any watermark.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class EventTimeSessionWindows extends SessionWindows<unknown> {
  private readonly gapMs: number;
  /** The list is not kept by anybody, so one will do. */
  private readonly handedOut: TimeWindow[] = [];

  private constructor(gapMs: number) {
    super();
    requireParameters(gapMs > 0, `EventTimeSessionWindows parameters must satisfy 0 < size, got ${gapMs} ms`);
    this.gapMs = gapMs;
  }

  /** Sessions that end when a key had no record for this long in event time: `withGap(Duration.ofMinutes(15))`. */
  static withGap(gap: { toMillis(): number }): EventTimeSessionWindows {
    return new EventTimeSessionWindows(gap.toMillis());
  }

  /** A gap that depends on the record, in ms. */
  static withDynamicGap<T>(extractor: SessionGapLike<T>): DynamicEventTimeSessionWindows<T> {
    return new DynamicEventTimeSessionWindows(typeof extractor === "function" ? { extract: extractor } : extractor);
  }

  override assignWindows(_element: unknown, timestamp: number, _context: WindowAssignerContext): readonly TimeWindow[] {
    this.handedOut[0] = new TimeWindow(timestamp, timestamp + this.gapMs);
    return this.handedOut;
  }

  override getDefaultTrigger(): EventTimeTrigger {
    return EventTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return true;
  }

  override toString(): string {
    return `EventTimeSessionWindows(${this.gapMs})`;
  }
}

/** Sessions whose gap depends on the record. (Flink: docs/dev/datastream/operators/windows) */
export class DynamicEventTimeSessionWindows<T> extends SessionWindows<T> {
  private readonly extractor: SessionWindowTimeGapExtractor<T>;

  constructor(extractor: SessionWindowTimeGapExtractor<T>) {
    super();
    this.extractor = extractor;
  }

  override assignWindows(element: T, timestamp: number, _context: WindowAssignerContext): readonly TimeWindow[] {
    const start = timestamp;
    return [new TimeWindow(start, start + gapOf(this.extractor, element))];
  }

  override getDefaultTrigger(): EventTimeTrigger {
    return EventTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return true;
  }

  override toString(): string {
    return "DynamicEventTimeSessionWindows()";
  }
}
