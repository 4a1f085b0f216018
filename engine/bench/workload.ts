/**
 * The generator of the recorded workloads, with the same integer arithmetic as the one Flink was measured with: record i has event time,
 * key and value by hashing i.
 */

/** The 32-bit finaliser of murmur3. */
function mix(i: number): number {
  let h = i ^ (i >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const BASE_MS = 28_333_333 * 60_000;

export class Event {
  readonly timeMs: number;
  readonly key: number;
  readonly value: number;

  constructor(timeMs: number, key: number, value: number) {
    this.timeMs = timeMs;
    this.key = key;
    this.value = value;
  }
}

/** Workload a: 1000 keys, a record per millisecond. */
export function tumblingEvent(i: number): Event {
  return new Event(BASE_MS + i, (mix(i) & 0x7fffffff) % 1000, i % 97);
}

/** Workload d: a million keys, a record every 20 ms. */
export function dedupEvent(i: number): Event {
  return new Event(BASE_MS + 20 * i, (mix(i) & 0x7fffffff) % 1_000_000, i % 97);
}

/** A watermark per so many records. */
export const RECORDS_PER_WATERMARK = 1000;
