import { describe, expect, it } from "vitest";
import type { JobConfig, RestartStrategy } from "../../src/graph/stream-graph.ts";
import { restartBackoffOf } from "../../src/runtime/cluster/restart-strategy.ts";

const backoff = (restartStrategy: RestartStrategy | undefined, checkpointIntervalMs?: number, random = () => 0.5) =>
  restartBackoffOf({ restartStrategy, checkpointIntervalMs } as JobConfig, random);

const EXPONENTIAL = {
  kind: "exponentialDelay",
  initialMs: 1000,
  maxMs: 60_000,
  multiplier: 1.5,
  resetMs: 3_600_000,
  jitter: 0,
} as const;

describe("restart strategies", () => {
  it("without checkpointing the default is no restart", () => {
    expect(backoff(undefined).nextDelayMs(0)).toBeNull();
  });

  it("with checkpointing it is exponential: 1 s, times 1.5, at most 1 min, in whole milliseconds", () => {
    const strategy = backoff(undefined, 1000);
    let nowMs = 0;
    const delays = Array.from({ length: 12 }, () => {
      const delayMs = strategy.nextDelayMs(nowMs) ?? -1;
      nowMs += delayMs;
      return delayMs;
    });
    expect(delays).toEqual([1000, 1500, 2250, 3375, 5062, 7593, 11390, 17085, 25628, 38443, 57665, 60000]);
  });

  it("exponential delay starts anew after an hour without failure, and jitters by a tenth", () => {
    const strategy = backoff(undefined, 1000, () => 0.9999);
    expect(strategy.nextDelayMs(0)).toBe(1100);
    expect(strategy.nextDelayMs(2000)).toBe(1650);
    expect(strategy.nextDelayMs(2000 + 1650 + 3_600_000)).toBe(1100);
  });

  it("exponential delay: a failure while the job waits to be restarted is the same attempt", () => {
    const strategy = backoff({ ...EXPONENTIAL, maxAttempts: 1 });
    expect([0, 400, 999].map((atMs) => strategy.nextDelayMs(atMs))).toEqual([1000, 600, 1]);
    expect(strategy.nextDelayMs(1000)).toBeNull();
  });

  it("fixed delay counts attempts over the whole job", () => {
    const strategy = backoff({ kind: "fixedDelay", attempts: 2, delayMs: 10 });
    expect([1, 2, 3].map((hour) => strategy.nextDelayMs(hour * 3_600_000))).toEqual([10, 10, null]);
  });

  it("failure rate counts those within the interval", () => {
    const strategy = backoff({ kind: "failureRate", maxFailures: 1, intervalMs: 1000, delayMs: 10 });
    expect([0, 1500, 1600].map((atMs) => strategy.nextDelayMs(atMs))).toEqual([10, 10, null]);
    expect([3000, 4000].map((atMs) => strategy.nextDelayMs(atMs))).toEqual([10, null]);
  });
});
