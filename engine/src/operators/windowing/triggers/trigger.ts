import { Diagnostic } from "../../../base/diagnostic.ts";
import type { MetricGroup } from "../../../flow/functions.ts";
import type { StateDescriptor } from "../../../state/descriptors.ts";
import type { State } from "../../../state/state.ts";
import type { Window } from "../window.ts";

/** What happens to a window: evaluate it, drop its contents, both, or neither. (Flink: docs/dev/datastream/operators/windows) */
export class TriggerResult {
  /** Nothing happens. */
  static readonly CONTINUE = new TriggerResult("CONTINUE", false, false);
  /** The window function runs; the elements stay. */
  static readonly FIRE = new TriggerResult("FIRE", true, false);
  /** The elements go, without a result. */
  static readonly PURGE = new TriggerResult("PURGE", false, true);
  /** The window function runs, then the elements go. */
  static readonly FIRE_AND_PURGE = new TriggerResult("FIRE_AND_PURGE", true, true);

  /** As above. */
  readonly name: string;
  private readonly fire: boolean;
  private readonly purge: boolean;

  private constructor(name: string, fire: boolean, purge: boolean) {
    this.name = name;
    this.fire = fire;
    this.purge = purge;
  }

  /** True when the window function runs. */
  isFire(): boolean {
    return this.fire;
  }

  /** True when the elements go. */
  isPurge(): boolean {
    return this.purge;
  }

  toString(): string {
    return this.name;
  }
}

/**
 * What a trigger can do for the current key and window. The object is reused; do not keep it.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export interface TriggerContext {
  /** Processing time in epoch ms; virtual here. */
  getCurrentProcessingTime(): number;
  /** The current watermark in epoch ms, MIN_TIMESTAMP before the first. */
  getCurrentWatermark(): number;
  /** Where to register metrics of the window operator. */
  getMetricGroup(): MetricGroup;
  /** Calls `onProcessingTime` when the clock reaches this time (epoch ms). */
  registerProcessingTimeTimer(timeMs: number): void;
  /** Calls `onEventTime` when the watermark reaches this time (epoch ms). */
  registerEventTimeTimer(timeMs: number): void;
  /** Takes a processing-time timer at this time (epoch ms) back. */
  deleteProcessingTimeTimer(timeMs: number): void;
  /** Takes an event-time timer at this time (epoch ms) back. */
  deleteEventTimeTimer(timeMs: number): void;
  /** State of this key and window. */
  getPartitionedState<S extends State>(descriptor: StateDescriptor<S>): S;
}

/**
 * What `onMerge` sees: the merged window's context, and a way to bring the state of those that were merged along.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export interface OnMergeContext extends TriggerContext {
  /** Merges the state of the merged windows into that of the result. Only lists, reductions and aggregates can be merged. */
  mergePartitionedState(descriptor: StateDescriptor): void;
}

/**
 * Decides when a window is evaluated. State goes into the context, not into fields: one trigger serves all keys and windows.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export abstract class Trigger<T, W extends Window> {
  /** Called for each element that is put into the window, with it in. @param timestamp of the element, in epoch ms. */
  abstract onElement(element: T, timestamp: number, window: W, ctx: TriggerContext): TriggerResult;
  /** Called when a processing-time timer set for this window fires. @param time the timer's, in epoch ms. */
  abstract onProcessingTime(time: number, window: W, ctx: TriggerContext): TriggerResult;
  /** Called when an event-time timer set for this window fires. @param time the timer's, in epoch ms. */
  abstract onEventTime(time: number, window: W, ctx: TriggerContext): TriggerResult;

  /** Whether the trigger works with merging (session) windows. */
  canMerge(): boolean {
    return false;
  }

  /** Called with the merged window; state of the old ones must be merged, timers set for the new one. */
  onMerge(_window: W, _ctx: OnMergeContext): void {
    throw new Diagnostic({
      code: "WINDOW_TRIGGER_CANNOT_MERGE",
      phase: "runtime",
      message: `This trigger does not support merging: ${this.constructor.name} has canMerge() but no onMerge(window, ctx).`,
      expected: "onMerge(window, ctx) that merges the trigger's state and sets its timers for the merged window",
    });
  }

  /** Drops all state and timers of a window that is gone. */
  abstract clear(window: W, ctx: TriggerContext): void;
}
