import { ReducingStateDescriptor } from "../../../state/descriptors.ts";
import type { ReducingState } from "../../../state/state.ts";
import type { Window } from "../window.ts";
import { requireInterval } from "./firing-interval.ts";
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from "./trigger.ts";

/**
 * Fires every interval of processing time while the window has contents, and when the clock passes its end.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class ContinuousProcessingTimeTrigger extends Trigger<unknown, Window> {
  private readonly intervalMs: number;
  private readonly nextFireDescriptor = new ReducingStateDescriptor<number>("fire-time", Math.min);

  private constructor(intervalMs: number) {
    super();
    this.intervalMs = intervalMs;
  }

  /** Fires every so often in processing time, counted from the epoch, as long as the window has elements. */
  static of(interval: { toMillis(): number }): ContinuousProcessingTimeTrigger {
    return new ContinuousProcessingTimeTrigger(interval.toMillis());
  }

  override onElement(_element: unknown, _timestamp: number, window: Window, ctx: TriggerContext): TriggerResult {
    const nextFire = ctx.getPartitionedState(this.nextFireDescriptor);
    if (nextFire.get() === null) {
      const now = ctx.getCurrentProcessingTime();
      this.registerNext(now - (now % this.intervalMs), window, ctx, nextFire);
    }
    return TriggerResult.CONTINUE;
  }

  override onEventTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override onProcessingTime(time: number, window: Window, ctx: TriggerContext): TriggerResult {
    if (time === window.maxTimestamp()) return TriggerResult.FIRE;
    const nextFire = ctx.getPartitionedState(this.nextFireDescriptor);
    if (nextFire.get() !== time) return TriggerResult.CONTINUE;
    nextFire.clear();
    this.registerNext(time, window, ctx, nextFire);
    return TriggerResult.FIRE;
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(_window: Window, ctx: OnMergeContext): void {
    ctx.mergePartitionedState(this.nextFireDescriptor);
    const next = ctx.getPartitionedState(this.nextFireDescriptor).get();
    if (next !== null) ctx.registerProcessingTimeTimer(next);
  }

  override clear(_window: Window, ctx: TriggerContext): void {
    const nextFire = ctx.getPartitionedState(this.nextFireDescriptor);
    const next = nextFire.get();
    if (next === null) return;
    ctx.deleteProcessingTimeTimer(next);
    nextFire.clear();
  }

  override toString(): string {
    return `ContinuousProcessingTimeTrigger(${this.intervalMs})`;
  }

  private registerNext(time: number, window: Window, ctx: TriggerContext, nextFire: ReducingState<number>): void {
    requireInterval(this.intervalMs, "ContinuousProcessingTimeTrigger");
    const next = Math.min(time + this.intervalMs, window.maxTimestamp());
    nextFire.add(next);
    ctx.registerProcessingTimeTimer(next);
  }
}
