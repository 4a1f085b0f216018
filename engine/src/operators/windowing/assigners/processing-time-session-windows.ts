import { ProcessingTimeTrigger } from "../triggers/processing-time-trigger.ts";
import { TimeWindow } from "../window.ts";
import { gapOf, type SessionWindowTimeGapExtractor, type SessionGapLike } from "./session-gap.ts";
import { SessionWindows } from "./session-windows.ts";
import { requireParameters, type WindowAssignerContext } from "./window-assigner.ts";

/**
 * Sessions by processing time: a window ends when no record came for the gap; windows that meet become one.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class ProcessingTimeSessionWindows extends SessionWindows<unknown> {
  private readonly gapMs: number;

  private constructor(gapMs: number) {
    super();
    requireParameters(gapMs > 0, `ProcessingTimeSessionWindows parameters must satisfy 0 < size, got ${gapMs} ms`);
    this.gapMs = gapMs;
  }

  /** Sessions that end when a key had no record for this long in processing time: `withGap(Duration.ofMinutes(15))`. */
  static withGap(gap: { toMillis(): number }): ProcessingTimeSessionWindows {
    return new ProcessingTimeSessionWindows(gap.toMillis());
  }

  /** A gap that depends on the record, in ms. */
  static withDynamicGap<T>(extractor: SessionGapLike<T>): DynamicProcessingTimeSessionWindows<T> {
    return new DynamicProcessingTimeSessionWindows(typeof extractor === "function" ? { extract: extractor } : extractor);
  }

  override assignWindows(_element: unknown, _timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    const start = context.getCurrentProcessingTime();
    return [new TimeWindow(start, start + this.gapMs)];
  }

  override getDefaultTrigger(): ProcessingTimeTrigger {
    return ProcessingTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return false;
  }

  override toString(): string {
    return `ProcessingTimeSessionWindows(${this.gapMs})`;
  }
}

/** Sessions whose gap depends on the record. */
export class DynamicProcessingTimeSessionWindows<T> extends SessionWindows<T> {
  private readonly extractor: SessionWindowTimeGapExtractor<T>;

  constructor(extractor: SessionWindowTimeGapExtractor<T>) {
    super();
    this.extractor = extractor;
  }

  override assignWindows(element: T, _timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    const start = context.getCurrentProcessingTime();
    return [new TimeWindow(start, start + gapOf(this.extractor, element))];
  }

  override getDefaultTrigger(): ProcessingTimeTrigger {
    return ProcessingTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return false;
  }

  override toString(): string {
    return "DynamicProcessingTimeSessionWindows()";
  }
}
