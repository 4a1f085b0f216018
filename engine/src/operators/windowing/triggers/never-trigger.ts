import type { Window } from "../window.ts";
import { type OnMergeContext, Trigger, type TriggerContext, TriggerResult } from "./trigger.ts";

/**
 * Never fires: the default of global windows, which need another trigger to give anything.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export class NeverTrigger extends Trigger<unknown, Window> {
  override onElement(_element: unknown, _timestamp: number, _window: Window, _ctx: TriggerContext): TriggerResult {
    return TriggerResult.CONTINUE;
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

  override onMerge(_window: Window, _ctx: OnMergeContext): void {}

  override clear(_window: Window, _ctx: TriggerContext): void {}

  override toString(): string {
    return "NeverTrigger()";
  }
}
