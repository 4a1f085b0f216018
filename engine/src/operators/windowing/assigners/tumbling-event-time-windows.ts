import { EventTimeTrigger } from "../triggers/event-time-trigger.ts";
import { TimeWindow } from "../window.ts";
import {
  requireParameters,
  requireTimestamp,
  staggerOffset,
  WindowAssigner,
  type WindowAssignerContext,
  WindowStagger,
} from "./window-assigner.ts";
import { WindowCache } from "./window-cache.ts";

/**
 * Windows of one size, side by side, by event time. With an offset they begin that much later (or earlier) than the epoch's multiples.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class TumblingEventTimeWindows extends WindowAssigner<unknown, TimeWindow> {
  private readonly sizeMs: number;
  private readonly offsetMs: number;
  private readonly windowStagger: WindowStagger;
  private readonly cache: WindowCache;
  private stagger: number | undefined;

  private constructor(sizeMs: number, offsetMs: number, windowStagger: WindowStagger) {
    super();
    requireParameters(
      Math.abs(offsetMs) < sizeMs,
      `TumblingEventTimeWindows parameters must satisfy abs(offset) < size, got size ${sizeMs} ms, offset ${offsetMs} ms`,
    );
    this.sizeMs = sizeMs;
    this.offsetMs = offsetMs;
    this.windowStagger = windowStagger;
    this.cache = new WindowCache(sizeMs);
  }

  /** @param offset for instance minus eight hours for days that begin at midnight in China. */
  static of(
    size: { toMillis(): number },
    offset?: { toMillis(): number },
    windowStagger: WindowStagger = WindowStagger.ALIGNED,
  ): TumblingEventTimeWindows {
    return new TumblingEventTimeWindows(size.toMillis(), offset?.toMillis() ?? 0, windowStagger);
  }

  override assignWindows(_element: unknown, timestamp: number, context: WindowAssignerContext): readonly TimeWindow[] {
    const cached = this.cache.lastContaining(timestamp);
    if (cached !== undefined) return cached;
    requireTimestamp(timestamp);
    this.stagger ??= staggerOffset(this.windowStagger, this.sizeMs, context);
    const offset = (this.offsetMs + this.stagger) % this.sizeMs;
    return this.cache.windowsFrom(TimeWindow.getWindowStartWithOffset(timestamp, offset, this.sizeMs), this.sizeMs, 1);
  }

  override getDefaultTrigger(): EventTimeTrigger {
    return EventTimeTrigger.create();
  }

  override isEventTime(): boolean {
    return true;
  }

  override toString(): string {
    return `TumblingEventTimeWindows(${this.sizeMs})`;
  }
}
