/**
 * The generator of the recorded workloads, with the same integer arithmetic as the one Flink was measured with: record i has event time,
 * key and value by hashing i.
 */

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const SESSION_GAP_MS = 30_000;

/** Event time of the first record: a whole minute, and too large for 31 bits, as times are. */
export const BASE_MS = 28_333_333 * MINUTE_MS;

/** A watermark per so many records. */
export const RECORDS_PER_WATERMARK = 1000;

/** The 32-bit finaliser of murmur3. */
export function mix(i: number): number {
  let h = i ^ (i >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

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

/** Workloads a and b: 1000 keys, a record per millisecond. */
export function steadyEvent(i: number): Event {
  return new Event(BASE_MS + i, (mix(i) & 0x7fffffff) % 1000, i % 97);
}

/** Workload c: a thousand keys, of which a hundred are busy for 10 s at a time and then silent for 90 s. */
export function burstEvent(i: number): Event {
  return new Event(BASE_MS + i, (Math.floor(i / 10_000) % 10) * 100 + ((mix(i) & 0x7fffffff) % 100), i % 97);
}

/** Workload d: a million keys, a record every 20 ms. */
export function wideEvent(i: number): Event {
  return new Event(BASE_MS + 20 * i, (mix(i) & 0x7fffffff) % 1_000_000, i % 97);
}

/** Like workload a or d, with a chosen number of keys: how costs grow with them. */
export function eventsOver(keys: number, msPerRecord: number): (i: number) => Event {
  return (i) => new Event(BASE_MS + msPerRecord * i, (mix(i) & 0x7fffffff) % keys, i % 97);
}
