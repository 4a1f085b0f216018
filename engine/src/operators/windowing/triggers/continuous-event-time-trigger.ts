import { ReducingStateDescriptor } from "../../../state/descriptors.ts";
import type { ReducingState } from "../../../state/state.ts";
import type { Window } from "../window.ts";
import { requireInterval } from "./firing-interval.ts";
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from "./trigger.ts";

/** Fires every interval of event time, and at the end of the window. (Flink: docs/dev/datastream/operators/windows) */
export class ContinuousEventTimeTrigger extends Trigger<unknown, Window> {
  private readonly intervalMs: number;
  private readonly nextFireDescriptor = new ReducingStateDescriptor<number>("fire-time", Math.min);

  private constructor(intervalMs: number) {
    super();
    this.intervalMs = intervalMs;
  }

  /** Fires every so often in event time, counted from the epoch, and when the watermark passes the end of the window. */
  static of(interval: { toMillis(): number }): ContinuousEventTimeTrigger {
    return new ContinuousEventTimeTrigger(interval.toMillis());
  }

  override onElement(_element: unknown, timestamp: number, window: Window, ctx: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= ctx.getCurrentWatermark()) return TriggerResult.FIRE;
    ctx.registerEventTimeTimer(window.maxTimestamp());
    const nextFire = ctx.getPartitionedState(this.nextFireDescriptor);
    if (nextFire.get() === null) this.registerNext(timestamp - (timestamp % this.intervalMs), window, ctx, nextFire);
    return TriggerResult.CONTINUE;
  }

  override onEventTime(time: number, window: Window, ctx: TriggerContext): TriggerResult {
    if (time === window.maxTimestamp()) return TriggerResult.FIRE;
    const nextFire = ctx.getPartitionedState(this.nextFireDescriptor);
    if (nextFire.get() !== time) return TriggerResult.CONTINUE;
    nextFire.clear();
    this.registerNext(time, window, ctx, nextFire);
    return TriggerResult.FIRE;
  }

  override onProcessingTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(_window: Window, ctx: OnMergeContext): void {
    ctx.mergePartitionedState(this.nextFireDescriptor);
    const next = ctx.getPartitionedState(this.nextFireDescriptor).get();
    if (next !== null) ctx.registerEventTimeTimer(next);
  }

  /** The timer at the end of the window is left to the window's own cleanup, as in Flink. */
  override clear(_window: Window, ctx: TriggerContext): void {
    const nextFire = ctx.getPartitionedState(this.nextFireDescriptor);
    const next = nextFire.get();
    if (next === null) return;
    ctx.deleteEventTimeTimer(next);
    nextFire.clear();
  }

  override toString(): string {
    return `ContinuousEventTimeTrigger(${this.intervalMs})`;
  }

  private registerNext(time: number, window: Window, ctx: TriggerContext, nextFire: ReducingState<number>): void {
    requireInterval(this.intervalMs, "ContinuousEventTimeTrigger");
    const next = Math.min(time + this.intervalMs, window.maxTimestamp());
    nextFire.add(next);
    ctx.registerEventTimeTimer(next);
  }
}
