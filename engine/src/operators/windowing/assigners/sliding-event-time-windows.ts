import { EventTimeTrigger } from "../triggers/event-time-trigger.ts";
import { TimeWindow } from "../window.ts";
import { requireParameters, requireTimestamp, WindowAssigner, type WindowAssignerContext } from "./window-assigner.ts";
import { WindowCache } from "./window-cache.ts";

/** Windows of one size that begin every slide, by event time; a record is in size / slide of them (or in none, in a gap between them). */
export class SlidingEventTimeWindows extends WindowAssigner<unknown, TimeWindow> {
  private readonly sizeMs: number;
  private readonly slideMs: number;
  private readonly offsetMs: number;
  private readonly cache: WindowCache;

  private constructor(sizeMs: number, slideMs: number, offsetMs: number) {
    super();
    requireParameters(
      Math.abs(offsetMs) < slideMs && sizeMs > 0,
      `SlidingEventTimeWindows parameters must satisfy abs(offset) < slide and size > 0, got size ${sizeMs} ms, slide ${slideMs} ms, offset ${offsetMs} ms`,
    );
    this.sizeMs = sizeMs;
    this.slideMs = slideMs;
    this.offsetMs = offsetMs;
    this.cache = new WindowCache(sizeMs);
  }

  static of(size: { toMillis(): number }, slide: { toMillis(): number }, offset?: { toMillis(): number }): SlidingEventTimeWindows {
    return new SlidingEventTimeWindows(size.toMillis(), slide.toMillis(), offset?.toMillis() ?? 0);
  }

  /** The latest window comes first. */
  override assignWindows(_element: unknown, timestamp: number, _context: WindowAssignerContext): readonly TimeWindow[] {
    requireTimestamp(timestamp);
    const lastStart = TimeWindow.getWindowStartWithOffset(timestamp, this.offsetMs, this.slideMs);
    const count = Math.max(0, Math.ceil((lastStart - (timestamp - this.sizeMs)) / this.slideMs));
    return this.cache.windowsFrom(lastStart, this.slideMs, count);
  }

  override getDefaultTrigger(): EventTimeTrigger {
    return EventTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return true;
  }

  override toString(): string {
    return `SlidingEventTimeWindows(${this.sizeMs}, ${this.slideMs})`;
  }
}
