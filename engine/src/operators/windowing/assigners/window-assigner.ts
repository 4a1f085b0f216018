import { Diagnostic } from "../../../base/diagnostic.ts";
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import type { Trigger } from "../triggers/trigger.ts";
import type { Window } from "../window.ts";

/** What a window assigner sees beside the element. (Flink: docs/dev/datastream/operators/windows) */
export interface WindowAssignerContext {
  /** Processing time in epoch ms; virtual here. */
  getCurrentProcessingTime(): number;
  /** Seeded random number in [0, 1), for staggered windows. */
  random(): number;
}

/** Says which windows a record belongs to. (Flink: docs/dev/datastream/operators/windows) */
export abstract class WindowAssigner<T, W extends Window> {
  /**
   * The windows of a record; none = it is dropped. The returned list is not kept.
   *
   * @param timestamp of the record in epoch ms, MIN_TIMESTAMP for records without one.
   */
  abstract assignWindows(element: T, timestamp: number, context: WindowAssignerContext): readonly W[];
  /** The trigger that is used unless the program sets another. */
  abstract getDefaultTrigger(): Trigger<unknown, Window>;
  /** Whether lateness and cleanup follow the watermark (true) or the clock (false). */
  abstract isEventTime(): boolean;
}

/** `merged` windows became `result`. (Flink: docs/dev/datastream/operators/windows) */
export type MergeCallback<W extends Window> = (merged: W[], result: W) => void;

/** An assigner whose windows grow into each other (sessions). (Flink: docs/dev/datastream/operators/windows) */
export abstract class MergingWindowAssigner<T, W extends Window> extends WindowAssigner<T, W> {
  /** Called by the operator with all windows of a key: says by `callback.merge(windows, result)` which of them become one. */
  abstract mergeWindows(windows: readonly W[], onMerge: MergeCallback<W>): void;
}

/**
 * How windows of one operator start shifted against those of others, so that they do not all fire at once.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export const WindowStagger = { ALIGNED: "ALIGNED", RANDOM: "RANDOM", NATURAL: "NATURAL" } as const;
export type WindowStagger = (typeof WindowStagger)[keyof typeof WindowStagger];

/** Offset of a stagger, drawn at the first record. */
export function staggerOffset(stagger: WindowStagger, sizeMs: number, context: WindowAssignerContext): number {
  switch (stagger) {
    case "ALIGNED":
      return 0;
    case "RANDOM":
      return Math.floor(context.random() * sizeMs);
    case "NATURAL": {
      const remainder = context.getCurrentProcessingTime() % sizeMs;
      return Math.max(0, remainder);
    }
  }
}

/** @throws Diagnostic RECORD_WITHOUT_TIMESTAMP */
export function requireTimestamp(timestamp: number): void {
  if (timestamp > MIN_TIMESTAMP) return;
  throw new Diagnostic({
    code: "RECORD_WITHOUT_TIMESTAMP",
    message:
      "Record has Long.MIN_VALUE timestamp (= no timestamp marker). Did you forget to call 'DataStream.assignTimestampsAndWatermarks(...)'?",
    phase: "runtime",
    found: "a record without a timestamp",
    expected: "records with event timestamps",
    hint: "Call assignTimestampsAndWatermarks before the event-time window, or use a processing-time window.",
  });
}

/** @throws Diagnostic WINDOW_PARAMETERS */
export function requireParameters(condition: boolean, message: string): void {
  if (condition) return;
  throw new Diagnostic({
    code: "WINDOW_PARAMETERS",
    message,
    phase: "graph",
    expected: "sizes, slides and gaps above 0, and an offset shorter than the size (of sliding windows: than the slide)",
  });
}
