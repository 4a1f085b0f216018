/**
 * The shortest JavaScript that computes the same: what a job's rate is divided by. Absolute rates mean nothing on a noisy machine, so
 * every run of the bench measures these beside the engine. One class instance per record made in the loop, as a source would; state in
 * Maps; a watermark per thousand records closes what is due. Each function returns the number of output rows.
 *
 * They are meant to be fast: the Maps of the windows that a record falls into are remembered until the next slide begins, since finding
 * them by their start (a number too large for 31 bits) costs as much as the whole rest of the loop. Records come in order, which every
 * one of them relies on; the engine may not.
 */
import { burstEvent, DAY_MS, type Event, MINUTE_MS, RECORDS_PER_WATERMARK, SESSION_GAP_MS, steadyEvent, wideEvent } from "./workload.ts";

type Counts = Map<number, number>;
type Generate = (i: number) => Event;

/** a: count per key and tumbling minute. One Map per window start. */
export function tumblingCounts(records: number, generate: Generate = steadyEvent, sizeMs = MINUTE_MS): number {
  const windows = new Map<number, Counts>();
  let start = Number.NEGATIVE_INFINITY;
  let counts: Counts = new Map();
  let rows = 0;
  for (let i = 0; i < records; i++) {
    const event = generate(i);
    const from = Math.floor(event.timeMs / sizeMs) * sizeMs;
    if (from !== start) {
      start = from;
      counts = windowAt(windows, from);
    }
    counts.set(event.key, (counts.get(event.key) ?? 0) + 1);
    if ((i + 1) % RECORDS_PER_WATERMARK === 0) rows += closeWindows(windows, sizeMs, event.timeMs - 1);
  }
  return rows + closeWindows(windows, sizeMs, Number.POSITIVE_INFINITY);
}

const SLIDING_SIZE_MS = 5 * MINUTE_MS;

/** b: count per key and sliding window: a record is counted in each of its five windows. */
export function slidingCounts(records: number): number {
  const windows = new Map<number, Counts>();
  let lastStart = Number.NEGATIVE_INFINITY;
  let open: Counts[] = [];
  let rows = 0;
  for (let i = 0; i < records; i++) {
    const event = steadyEvent(i);
    const minute = Math.floor(event.timeMs / MINUTE_MS) * MINUTE_MS;
    if (minute !== lastStart) {
      lastStart = minute;
      open = [];
      for (let start = minute; start > minute - SLIDING_SIZE_MS; start -= MINUTE_MS) open.push(windowAt(windows, start));
    }
    for (let w = 0; w < open.length; w++) {
      const counts = open[w]!;
      counts.set(event.key, (counts.get(event.key) ?? 0) + 1);
    }
    if ((i + 1) % RECORDS_PER_WATERMARK === 0) rows += closeWindows(windows, SLIDING_SIZE_MS, event.timeMs - 1);
  }
  return rows + closeWindows(windows, SLIDING_SIZE_MS, Number.POSITIVE_INFINITY);
}

/** b, cleverer: a record is counted in the one minute it falls into; windows are put together from minutes when they close. */
export function slicedCounts(records: number): number {
  const slices = new Map<number, Counts>();
  let minute = Number.NEGATIVE_INFINITY;
  let counts: Counts = new Map();
  let firstOpen = Math.floor(steadyEvent(0).timeMs / MINUTE_MS) * MINUTE_MS - SLIDING_SIZE_MS + MINUTE_MS;
  let rows = 0;
  const closeUntil = (watermark: number) => {
    for (; firstOpen + SLIDING_SIZE_MS - 1 <= watermark; firstOpen += MINUTE_MS) {
      const window: Counts = new Map();
      for (let slice = firstOpen; slice < firstOpen + SLIDING_SIZE_MS; slice += MINUTE_MS) {
        for (const [key, count] of slices.get(slice) ?? []) window.set(key, (window.get(key) ?? 0) + count);
      }
      slices.delete(firstOpen);
      rows += window.size;
    }
  };
  for (let i = 0; i < records; i++) {
    const event = steadyEvent(i);
    const start = Math.floor(event.timeMs / MINUTE_MS) * MINUTE_MS;
    if (start !== minute) {
      minute = start;
      counts = windowAt(slices, start);
    }
    counts.set(event.key, (counts.get(event.key) ?? 0) + 1);
    if ((i + 1) % RECORDS_PER_WATERMARK === 0) closeUntil(event.timeMs - 1);
  }
  closeUntil(minute + SLIDING_SIZE_MS);
  return rows;
}

function windowAt(windows: Map<number, Counts>, start: number): Counts {
  let counts = windows.get(start);
  if (counts === undefined) {
    counts = new Map();
    windows.set(start, counts);
  }
  return counts;
}

function closeWindows(windows: Map<number, Counts>, sizeMs: number, watermark: number): number {
  let rows = 0;
  for (const [start, counts] of windows) {
    if (start + sizeMs - 1 > watermark) continue;
    rows += counts.size;
    windows.delete(start);
  }
  return rows;
}

class Session {
  endMs: number;
  count = 1;

  constructor(endMs: number) {
    this.endMs = endMs;
  }
}

/** c: count per key and session. The open session of each key in a Map, gone through when one of them has to be closed. */
export function sessionCounts(records: number): number {
  const open = new Map<number, Session>();
  let firstEndMs = Number.NEGATIVE_INFINITY;
  let rows = 0;
  for (let i = 0; i < records; i++) {
    const event = burstEvent(i);
    const session = open.get(event.key);
    if (session === undefined) {
      open.set(event.key, new Session(event.timeMs + SESSION_GAP_MS));
    } else {
      session.endMs = event.timeMs + SESSION_GAP_MS;
      session.count++;
    }
    if ((i + 1) % RECORDS_PER_WATERMARK === 0 && firstEndMs <= event.timeMs) {
      firstEndMs = event.timeMs + SESSION_GAP_MS;
      for (const [key, { endMs }] of open) {
        if (endMs > event.timeMs) {
          firstEndMs = Math.min(firstEndMs, endMs);
          continue;
        }
        open.delete(key);
        rows++;
      }
    }
  }
  return rows + open.size;
}

/** d: the first record of each key within 24 h. A Set of keys and a binary heap of the deadlines at which they are forgotten. */
export function firstOfDay(records: number, generate: Generate = wideEvent, horizonMs = DAY_MS): number {
  const seen = new Set<number>();
  const deadlines = new DeadlineHeap();
  let rows = 0;
  for (let i = 0; i < records; i++) {
    const event = generate(i);
    if (!seen.has(event.key)) {
      seen.add(event.key);
      deadlines.push(event.timeMs + horizonMs, event.key);
      rows++;
    }
    if ((i + 1) % RECORDS_PER_WATERMARK === 0) {
      while (deadlines.first() <= event.timeMs - 1) seen.delete(deadlines.pop());
    }
  }
  return rows;
}

/** A binary heap in two arrays: the deadlines, and the keys beside them. */
class DeadlineHeap {
  private readonly times: number[] = [];
  private readonly keys: number[] = [];

  first(): number {
    return this.times.length === 0 ? Number.POSITIVE_INFINITY : this.times[0]!;
  }

  push(timeMs: number, key: number): void {
    const { times, keys } = this;
    let at = times.length;
    times.push(timeMs);
    keys.push(key);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= timeMs) break;
      times[at] = times[parent]!;
      keys[at] = keys[parent]!;
      at = parent;
    }
    times[at] = timeMs;
    keys[at] = key;
  }

  /** Takes the entry with the smallest deadline out and returns its key. */
  pop(): number {
    const { times, keys } = this;
    const first = keys[0]!;
    const timeMs = times.pop()!;
    const key = keys.pop()!;
    const size = times.length;
    if (size === 0) return first;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= timeMs) break;
      times[at] = times[child]!;
      keys[at] = keys[child]!;
      at = child;
    }
    times[at] = timeMs;
    keys[at] = key;
    return first;
  }
}
