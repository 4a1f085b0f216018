import { EventTimeTrigger } from "../triggers/event-time-trigger.ts";
import { TimeWindow } from "../window.ts";
import { requireParameters, requireTimestamp, WindowAssigner, type WindowAssignerContext } from "./window-assigner.ts";
import { WindowCache } from "./window-cache.ts";

/** Flink's limit. It knows none for sliding windows of processing time. */
const MAX_WINDOWS_PER_RECORD = 10_000_000;

/**
 * Windows of one size that begin every slide, by event time; a record is in size / slide of them (or in none, in a gap between them).
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class SlidingEventTimeWindows extends WindowAssigner<unknown, TimeWindow> {
  /** Length of a window. */
  readonly sizeMs: number;
  /** Time from the start of one window to that of the next. */
  readonly slideMs: number;
  /** How much later than the multiples of the slide windows start. */
  readonly offsetMs: number;
  /** Then records of one slide are in the same windows. */
  private readonly slideDividesSize: boolean;
  private readonly cache: WindowCache;
  private readonly single: WindowCache;

  private constructor(sizeMs: number, slideMs: number, offsetMs: number) {
    super();
    requireParameters(
      Math.abs(offsetMs) < slideMs && sizeMs > 0,
      `SlidingEventTimeWindows parameters must satisfy abs(offset) < slide and size > 0, got size ${sizeMs} ms, slide ${slideMs} ms, offset ${offsetMs} ms`,
    );
    requireParameters(
      Math.trunc(sizeMs / slideMs) <= MAX_WINDOWS_PER_RECORD,
      `SlidingEventTimeWindows parameters must satisfy size / slide <= ${MAX_WINDOWS_PER_RECORD}, got size ${sizeMs} ms, slide ${slideMs} ms`,
    );
    this.sizeMs = sizeMs;
    this.slideMs = slideMs;
    this.offsetMs = offsetMs;
    this.slideDividesSize = sizeMs % slideMs === 0;
    this.cache = new WindowCache(sizeMs);
    this.single = new WindowCache(sizeMs);
  }

  /**
   * Windows of this size, one starting every `slide`, shifted by `offset` (default none): `of(Duration.ofMinutes(10),
   * Duration.ofMinutes(1))`.
   */
  static of(size: { toMillis(): number }, slide: { toMillis(): number }, offset?: { toMillis(): number }): SlidingEventTimeWindows {
    return new SlidingEventTimeWindows(size.toMillis(), slide.toMillis(), offset?.toMillis() ?? 0);
  }

  /** The latest window comes first. */
  override assignWindows(_element: unknown, timestamp: number, _context: WindowAssignerContext): readonly TimeWindow[] {
    const cached = this.slideDividesSize ? this.cache.lastContaining(timestamp) : undefined;
    if (cached !== undefined) return cached;
    requireTimestamp(timestamp);
    const lastStart = TimeWindow.getWindowStartWithOffset(timestamp, this.offsetMs, this.slideMs);
    const count = Math.max(0, Math.ceil((lastStart - (timestamp - this.sizeMs)) / this.slideMs));
    return this.cache.windowsFrom(lastStart, this.slideMs, count);
  }

  /** The window that starts at a time at which one starts. */
  windowAt(start: number): TimeWindow {
    return this.single.windowsFrom(start, 0, 1)[0];
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
