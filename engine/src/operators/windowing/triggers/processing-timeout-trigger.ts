import { ValueStateDescriptor } from "../../../state/descriptors.ts";
import type { Window } from "../window.ts";
import { Trigger, type TriggerContext, TriggerResult } from "./trigger.ts";

/** Fires when another trigger does, or when nothing has fired for a time on the clock. (Flink: docs/dev/datastream/operators/windows) */
export class ProcessingTimeoutTrigger<T, W extends Window> extends Trigger<T, W> {
  private readonly nested: Trigger<T, W>;
  private readonly timeoutMs: number;
  private readonly resetTimerOnNewRecord: boolean;
  private readonly shouldClearOnTimeout: boolean;
  private readonly timeoutDescriptor = new ValueStateDescriptor<number>("timeout");

  private constructor(nested: Trigger<T, W>, timeoutMs: number, resetTimerOnNewRecord: boolean, shouldClearOnTimeout: boolean) {
    super();
    this.nested = nested;
    this.timeoutMs = timeoutMs;
    this.resetTimerOnNewRecord = resetTimerOnNewRecord;
    this.shouldClearOnTimeout = shouldClearOnTimeout;
  }

  /**
   * @param resetTimerOnNewRecord whether each record starts the timeout anew (default false).
   * @param shouldClearOnTimeout whether a timeout also clears the nested trigger (default true).
   */
  static of<T, W extends Window>(
    nested: Trigger<T, W>,
    timeout: { toMillis(): number },
    resetTimerOnNewRecord = false,
    shouldClearOnTimeout = true,
  ): ProcessingTimeoutTrigger<T, W> {
    return new ProcessingTimeoutTrigger(nested, timeout.toMillis(), resetTimerOnNewRecord, shouldClearOnTimeout);
  }

  override onElement(element: T, timestamp: number, window: W, ctx: TriggerContext): TriggerResult {
    const result = this.nested.onElement(element, timestamp, window, ctx);
    if (result.isFire()) {
      this.clear(window, ctx);
      return result;
    }
    const timeoutState = ctx.getPartitionedState(this.timeoutDescriptor);
    const pending = timeoutState.value();
    if (pending !== null && !this.resetTimerOnNewRecord) return result;
    if (pending !== null) ctx.deleteProcessingTimeTimer(pending);
    const next = ctx.getCurrentProcessingTime() + this.timeoutMs;
    timeoutState.update(next);
    ctx.registerProcessingTimeTimer(next);
    return result;
  }

  override onEventTime(time: number, window: W, ctx: TriggerContext): TriggerResult {
    return this.afterTimer(this.nested.onEventTime(time, window, ctx), window, ctx);
  }

  override onProcessingTime(time: number, window: W, ctx: TriggerContext): TriggerResult {
    return this.afterTimer(this.nested.onProcessingTime(time, window, ctx), window, ctx);
  }

  override clear(window: W, ctx: TriggerContext): void {
    const timeoutState = ctx.getPartitionedState(this.timeoutDescriptor);
    const pending = timeoutState.value();
    if (pending !== null) {
      ctx.deleteProcessingTimeTimer(pending);
      timeoutState.clear();
    }
    this.nested.clear(window, ctx);
  }

  override toString(): string {
    return `TimeoutTrigger(${String(this.nested)})`;
  }

  /** Any timer fires the window, whoever set it, as in Flink. */
  private afterTimer(nested: TriggerResult, window: W, ctx: TriggerContext): TriggerResult {
    if (this.shouldClearOnTimeout) this.clear(window, ctx);
    return nested.isPurge() ? TriggerResult.FIRE_AND_PURGE : TriggerResult.FIRE;
  }
}
