import { ReducingStateDescriptor } from "../../../state/descriptors.ts";
import type { Window } from "../window.ts";
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from "./trigger.ts";

/** Fires when a window has got `maxCount` records since the last firing. (Flink: docs/dev/datastream/operators/windows) */
export class CountTrigger extends Trigger<unknown, Window> {
  private readonly maxCount: number;
  private readonly countDescriptor = new ReducingStateDescriptor<number>("count", (left, right) => left + right);

  private constructor(maxCount: number) {
    super();
    this.maxCount = maxCount;
  }

  /** Fires after every `maxCount` elements, and never by time. */
  static of(maxCount: number): CountTrigger {
    return new CountTrigger(maxCount);
  }

  override onElement(_element: unknown, _timestamp: number, _window: Window, ctx: TriggerContext): TriggerResult {
    const count = ctx.getPartitionedState(this.countDescriptor);
    count.add(1);
    if ((count.get() as number) < this.maxCount) return TriggerResult.CONTINUE;
    count.clear();
    return TriggerResult.FIRE;
  }

  override onEventTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override onProcessingTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(_window: Window, ctx: OnMergeContext): void {
    ctx.mergePartitionedState(this.countDescriptor);
  }

  override clear(_window: Window, ctx: TriggerContext): void {
    ctx.getPartitionedState(this.countDescriptor).clear();
  }

  override toString(): string {
    return `CountTrigger(${this.maxCount})`;
  }
}
