import { ValueStateDescriptor } from "../../../state/descriptors.ts";
import { type DeltaFunction, type DeltaFunctionLike, toDeltaFunction } from "../delta-function.ts";
import type { Window } from "../window.ts";
import { Trigger, type TriggerContext, TriggerResult } from "./trigger.ts";

/**
 * Fires when a record is further than the threshold from the one that fired last (or the first).
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class DeltaTrigger<T> extends Trigger<T, Window> {
  private readonly threshold: number;
  private readonly delta: DeltaFunction<T>;
  private readonly lastDescriptor = new ValueStateDescriptor<T>("last-element");

  private constructor(threshold: number, delta: DeltaFunction<T>) {
    super();
    this.threshold = threshold;
    this.delta = delta;
  }

  /** @param _typeInfo accepted as in Flink (its serializer argument), not needed. */
  static of<T>(threshold: number, deltaFunction: DeltaFunctionLike<T>, _typeInfo?: unknown): DeltaTrigger<T> {
    return new DeltaTrigger(threshold, toDeltaFunction(deltaFunction));
  }

  override onElement(element: T, _timestamp: number, _window: Window, ctx: TriggerContext): TriggerResult {
    const lastState = ctx.getPartitionedState(this.lastDescriptor);
    const last = lastState.value();
    if (last === null) {
      lastState.update(element);
      return TriggerResult.CONTINUE;
    }
    if (this.delta.getDelta(last, element) <= this.threshold) return TriggerResult.CONTINUE;
    lastState.update(element);
    return TriggerResult.FIRE;
  }

  override onEventTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override onProcessingTime(_time: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override clear(_window: Window, ctx: TriggerContext): void {
    ctx.getPartitionedState(this.lastDescriptor).clear();
  }

  override toString(): string {
    return `DeltaTrigger(${this.threshold})`;
  }
}
