import { ProcessingTimeTrigger } from "../triggers/processing-time-trigger.ts";
import { TimeWindow } from "../window.ts";
import { requireParameters, WindowAssigner, type WindowAssignerContext } from "./window-assigner.ts";
import { WindowCache } from "./window-cache.ts";

/**
 * Windows of one size that begin every slide, by processing time; a record is in size / slide of them (or in none, in a gap between them).
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class SlidingProcessingTimeWindows extends WindowAssigner<unknown, TimeWindow> {
  private readonly sizeMs: number;
  private readonly slideMs: number;
  private readonly offsetMs: number;
  private readonly cache: WindowCache;

  private constructor(sizeMs: number, slideMs: number, offsetMs: number) {
    super();
    requireParameters(
      Math.abs(offsetMs) < slideMs && sizeMs > 0,
      `SlidingProcessingTimeWindows parameters must satisfy abs(offset) < slide and size > 0, got size ${sizeMs} ms, slide ${slideMs} ms, offset ${offsetMs} ms`,
    );
    this.sizeMs = sizeMs;
    this.slideMs = slideMs;
    this.offsetMs = offsetMs;
    this.cache = new WindowCache(sizeMs);
  }

  /**
   * Windows of this size, one starting every `slide`, shifted by `offset` (default none): `of(Duration.ofMinutes(10),
   * Duration.ofMinutes(1))`.
   */
  static of(size: { toMillis(): number }, slide: { toMillis(): number }, offset?: { toMillis(): number }): SlidingProcessingTimeWindows {
    return new SlidingProcessingTimeWindows(size.toMillis(), slide.toMillis(), offset?.toMillis() ?? 0);
  }

  /** The latest window comes first. */
  override assignWindows(_element: unknown, _timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    const timestamp = context.getCurrentProcessingTime();
    const lastStart = TimeWindow.getWindowStartWithOffset(timestamp, this.offsetMs, this.slideMs);
    const count = Math.max(0, Math.ceil((lastStart - (timestamp - this.sizeMs)) / this.slideMs));
    return this.cache.windowsFrom(lastStart, this.slideMs, count);
  }

  override getDefaultTrigger(): ProcessingTimeTrigger {
    return ProcessingTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return false;
  }

  override toString(): string {
    return `SlidingProcessingTimeWindows(${this.sizeMs}, ${this.slideMs})`;
  }
}
