import { describe, expect, it } from "vitest";
import { BASE_MS, burstEvent, type Event, eventsOver, mix, steadyEvent, wideEvent } from "../../bench/workload.ts";

function first(count: number, generate: (i: number) => Event): (readonly number[])[] {
  return Array.from({ length: count }, (_, i) => {
    const { timeMs, key, value } = generate(i);
    return [timeMs - BASE_MS, key, value];
  });
}

describe("the recorded workloads", () => {
  it("hashes as murmur3 finishes", () => {
    // Known values of the finaliser, as 32-bit numbers without sign.
    expect([0, 1, 2, 0xffffffff | 0].map((i) => mix(i) >>> 0)).toEqual([0, 0x514e28b7, 0x30f4c306, 0x81f16f39]);
  });

  it("begins at a whole minute that does not fit 31 bits", () => {
    expect(BASE_MS).toBe(1_699_999_980_000);
    expect(BASE_MS % 60_000).toBe(0);
  });

  it("a, b: a record per millisecond, 1000 keys", () => {
    const unsigned = (i: number) => mix(i) & 0x7fffffff;
    expect(first(4, steadyEvent)).toEqual([0, 1, 2, 3].map((i) => [i, unsigned(i) % 1000, i]));
    expect(first(3, steadyEvent)[1]).toEqual([1, 0x514e28b7 % 1000, 1]);
    expect(steadyEvent(97).value).toBe(0);
    expect(new Set(first(20_000, steadyEvent).map(([, key]) => key)).size).toBe(1000);
  });

  it("c: a hundred keys at a time, 10 s each, and again after 100 s", () => {
    const keysFrom = (from: number) => new Set(Array.from({ length: 10_000 }, (_, i) => burstEvent(from + i).key));
    for (const [from, lowest] of [
      [0, 0],
      [10_000, 100],
      [90_000, 900],
      [100_000, 0],
    ] as const) {
      const keys = keysFrom(from);
      expect(keys.size).toBe(100);
      expect(Math.min(...keys)).toBe(lowest);
      expect(Math.max(...keys)).toBe(lowest + 99);
    }
    expect(burstEvent(10_000).timeMs).toBe(BASE_MS + 10_000);
  });

  it("d: a record every 20 ms, a million keys", () => {
    expect(first(3, wideEvent)).toEqual([
      [0, 0, 0],
      [20, 0x514e28b7 % 1_000_000, 1],
      [40, 0x30f4c306 % 1_000_000, 2],
    ]);
  });

  it("any number of keys, for measuring growth", () => {
    expect(first(50, eventsOver(1000, 1))).toEqual(first(50, steadyEvent));
    expect(first(50, eventsOver(1_000_000, 20))).toEqual(first(50, wideEvent));
  });
});
