import { ReducingStateDescriptor } from "../../../src/state/descriptors.ts";
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult, type Window } from "./engine.ts";

/** The trigger that the cases call `earlyAndLate`: early firings by count, one on time, one for each late record. */
export class EarlyAndLateTrigger extends Trigger<unknown, Window> {
  private readonly earlyEvery: number;
  private readonly purgeOnTime: boolean;
  private readonly count = new ReducingStateDescriptor<number>("early-count", (left, right) => left + right);

  constructor(earlyEvery: number, purgeOnTime: boolean) {
    super();
    this.earlyEvery = earlyEvery;
    this.purgeOnTime = purgeOnTime;
  }

  override onElement(_element: unknown, _timestamp: number, window: Window, ctx: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= ctx.getCurrentWatermark()) return TriggerResult.FIRE;
    ctx.registerEventTimeTimer(window.maxTimestamp());
    const count = ctx.getPartitionedState(this.count);
    count.add(1);
    if ((count.get() as number) < this.earlyEvery) return TriggerResult.CONTINUE;
    count.clear();
    return TriggerResult.FIRE;
  }

  override onEventTime(time: number, window: Window, _ctx: TriggerContext): TriggerResult {
    if (time !== window.maxTimestamp()) return TriggerResult.CONTINUE;
    return this.purgeOnTime ? TriggerResult.FIRE_AND_PURGE : TriggerResult.FIRE;
  }

  override onProcessingTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(window: Window, ctx: OnMergeContext): void {
    ctx.mergePartitionedState(this.count);
    if (window.maxTimestamp() > ctx.getCurrentWatermark()) ctx.registerEventTimeTimer(window.maxTimestamp());
  }

  override clear(window: Window, ctx: TriggerContext): void {
    ctx.deleteEventTimeTimer(window.maxTimestamp());
    ctx.getPartitionedState(this.count).clear();
  }
}
