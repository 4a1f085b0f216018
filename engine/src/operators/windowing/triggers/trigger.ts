import type { MetricGroup } from "../../../flow/functions.ts";
import type { StateDescriptor } from "../../../state/descriptors.ts";
import type { State } from "../../../state/state.ts";
import type { Window } from "../window.ts";

/** What happens to a window: evaluate it, drop its contents, both, or neither. */
export class TriggerResult {
  static readonly CONTINUE = new TriggerResult("CONTINUE", false, false);
  static readonly FIRE = new TriggerResult("FIRE", true, false);
  static readonly PURGE = new TriggerResult("PURGE", false, true);
  static readonly FIRE_AND_PURGE = new TriggerResult("FIRE_AND_PURGE", true, true);

  readonly name: string;
  private readonly fire: boolean;
  private readonly purge: boolean;

  private constructor(name: string, fire: boolean, purge: boolean) {
    this.name = name;
    this.fire = fire;
    this.purge = purge;
  }

  isFire(): boolean {
    return this.fire;
  }

  isPurge(): boolean {
    return this.purge;
  }

  toString(): string {
    return this.name;
  }
}

/** What a trigger can do for the current key and window. The object is reused; do not keep it. */
export interface TriggerContext {
  getCurrentProcessingTime(): number;
  getCurrentWatermark(): number;
  getMetricGroup(): MetricGroup;
  registerProcessingTimeTimer(timeMs: number): void;
  registerEventTimeTimer(timeMs: number): void;
  deleteProcessingTimeTimer(timeMs: number): void;
  deleteEventTimeTimer(timeMs: number): void;
  /** State of this key and window. */
  getPartitionedState<S extends State>(descriptor: StateDescriptor<S>): S;
}

export interface OnMergeContext extends TriggerContext {
  /** Merges the state of the merged windows into that of the result. Only lists, reductions and aggregates can be merged. */
  mergePartitionedState(descriptor: StateDescriptor): void;
}

/** Decides when a window is evaluated. State goes into the context, not into fields: one trigger serves all keys and windows. */
export abstract class Trigger<T, W extends Window> {
  abstract onElement(element: T, timestamp: number, window: W, ctx: TriggerContext): TriggerResult;
  abstract onProcessingTime(time: number, window: W, ctx: TriggerContext): TriggerResult;
  abstract onEventTime(time: number, window: W, ctx: TriggerContext): TriggerResult;

  /** Whether the trigger works with merging (session) windows. */
  canMerge(): boolean {
    return false;
  }

  /** Called with the merged window; state of the old ones must be merged, timers set for the new one. */
  onMerge(_window: W, _ctx: OnMergeContext): void {
    throw new TypeError("This trigger does not support merging.");
  }

  /** Drops all state and timers of a window that is gone. */
  abstract clear(window: W, ctx: TriggerContext): void;
}
