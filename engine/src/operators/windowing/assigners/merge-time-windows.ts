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
    if (covering !== undefined && group.length > 1) onMerge(inSetOrder(group), covering);
    covering = window;
    group = [window];
  }
  if (covering !== undefined && group.length > 1) onMerge(inSetOrder(group), covering);
}

/**
 * A group in the order in which Java goes through a `HashSet` of these windows. Flink keeps the contents of the first and appends the
 * others', so it decides the order of the records in a window that several sessions have grown into.
 */
function inSetOrder(group: readonly TimeWindow[]): TimeWindow[] {
  if (group.length < 3) return [...group];
  let buckets = 16;
  while (group.length > buckets * 0.75) buckets *= 2;
  return group
    .map((window) => ({ window, bucket: bucketOf(window, buckets) }))
    .sort((left, right) => left.bucket - right.bucket)
    .map(({ window }) => window);
}

/** `TimeWindow.hashCode` (start + end, its bits mixed), spread and cut as `HashMap` does. */
function bucketOf({ start, end }: TimeWindow, buckets: number): number {
  let bits = BigInt.asUintN(64, BigInt(start) + BigInt(end));
  bits = BigInt.asUintN(64, (bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n);
  bits = BigInt.asUintN(64, (bits ^ (bits >> 27n)) * 0x94d049bb133111ebn);
  const hash = Number(BigInt.asIntN(32, bits ^ (bits >> 31n)));
  return (hash ^ (hash >>> 16)) & (buckets - 1);
}
