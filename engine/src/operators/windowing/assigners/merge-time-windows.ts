import type { TimeWindow } from "../window.ts";
import type { MergeCallback } from "./window-assigner.ts";

/** Finds groups of windows that overlap or touch and reports each group of two or more (Flink: `TimeWindow.mergeWindows`). */
export function mergeTimeWindows(windows: readonly TimeWindow[], onMerge: MergeCallback<TimeWindow>): void {
  const sorted = [...windows].sort((left, right) => left.start - right.start);
  let group: TimeWindow[] = [];
  let covering: TimeWindow | undefined;
  for (const window of sorted) {
    if (covering?.intersects(window)) {
      covering = covering.cover(window);
      group.push(window);
      continue;
    }
    if (covering !== undefined && group.length > 1) onMerge(group, covering);
    covering = window;
    group = [window];
  }
  if (covering !== undefined && group.length > 1) onMerge(group, covering);
}
