import type { Window } from "../window.ts";
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from "./trigger.ts";

/**
 * Fires when the watermark passes the end of the window, and at once for each late record that is still allowed.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class EventTimeTrigger extends Trigger<unknown, Window> {
  /** Fires when the watermark passes the end of the window, and for each late element after that. */
  static create(): EventTimeTrigger {
    return new EventTimeTrigger();
  }

  override onElement(_element: unknown, _timestamp: number, window: Window, ctx: TriggerContext): TriggerResult {
    const end = window.maxTimestamp();
    if (end <= ctx.getCurrentWatermark()) return TriggerResult.FIRE;
    ctx.registerEventTimeTimer(end);
    return TriggerResult.CONTINUE;
  }

  override onEventTime(time: number, window: Window, _ctx: TriggerContext): TriggerResult {
    return time === window.maxTimestamp() ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  override onProcessingTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override canMerge(): boolean {
    return true;
  }

  /** A merged window that has ended already is fired by the element that caused the merge. */
  override onMerge(window: Window, ctx: OnMergeContext): void {
    const end = window.maxTimestamp();
    if (end > ctx.getCurrentWatermark()) ctx.registerEventTimeTimer(end);
  }

  override clear(window: Window, ctx: TriggerContext): void {
    ctx.deleteEventTimeTimer(window.maxTimestamp());
  }

  override toString(): string {
    return "EventTimeTrigger()";
  }
}
