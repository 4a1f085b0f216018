import type { TimeWindow } from "../window.ts";
import { mergeTimeWindows } from "./merge-time-windows.ts";
import { type MergeCallback, MergingWindowAssigner } from "./window-assigner.ts";

/** What the four kinds of session windows share: windows that overlap or touch become one. */
export abstract class SessionWindows<T> extends MergingWindowAssigner<T, TimeWindow> {
  override mergeWindows(windows: readonly TimeWindow[], onMerge: MergeCallback<TimeWindow>): void {
    mergeTimeWindows(windows, onMerge);
  }
}
