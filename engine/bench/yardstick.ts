/**
 * The shortest JavaScript that computes the same: what a job's rate is divided by. Absolute rates mean nothing on a noisy machine, so
 * every run of the bench measures these beside the engine.
 */
import { dedupEvent, RECORDS_PER_WATERMARK, tumblingEvent } from "./workload.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Count per key and tumbling minute: one Map per window start. Returns the number of output rows. */
export function tumblingCounts(records: number): number {
  const windows = new Map<number, Map<number, number>>();
  let rows = 0;
  let maxMs = 0;
  for (let i = 0; i < records; i++) {
    const event = tumblingEvent(i);
    const start = event.timeMs - (event.timeMs % MINUTE_MS);
    let counts = windows.get(start);
    if (counts === undefined) {
      counts = new Map();
      windows.set(start, counts);
    }
    counts.set(event.key, (counts.get(event.key) ?? 0) + 1);
    maxMs = event.timeMs;
    if ((i + 1) % RECORDS_PER_WATERMARK === 0) {
      for (const [windowStart, windowCounts] of windows) {
        if (windowStart + MINUTE_MS - 1 > maxMs - 1) break;
        rows += windowCounts.size;
        windows.delete(windowStart);
      }
    }
  }
  for (const counts of windows.values()) rows += counts.size;
  return rows;
}

/** First record of each key within 24 h. Deadlines come in order of time here, so a queue is enough. */
export function firstOfDay(records: number): number {
  const seen = new Set<number>();
  const keys: number[] = [];
  const deadlines: number[] = [];
  let next = 0;
  let rows = 0;
  for (let i = 0; i < records; i++) {
    const event = dedupEvent(i);
    if (!seen.has(event.key)) {
      seen.add(event.key);
      keys.push(event.key);
      deadlines.push(event.timeMs + DAY_MS);
      rows++;
    }
    if ((i + 1) % RECORDS_PER_WATERMARK === 0) {
      while (next < deadlines.length && deadlines[next] <= event.timeMs - 1) seen.delete(keys[next++]);
    }
  }
  return rows;
}
