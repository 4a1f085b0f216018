/**
 * Whether and when a failed job starts again. Flink 2.3: `RestartBackoffTimeStrategy`; the default is exponential delay when the job
 * checkpoints, and no restart when it does not.
 */
import type { JobConfig, RestartStrategy } from "../../graph/stream-graph.ts";

export interface RestartBackoff {
  /** A failure at this virtual time: milliseconds to wait before the restart, or null = the job has failed for good. */
  nextDelayMs(nowMs: number): number | null;
}

const DEFAULT_EXPONENTIAL: RestartStrategy = {
  kind: "exponentialDelay",
  initialMs: 1000,
  maxMs: 60_000,
  multiplier: 1.5,
  resetMs: 3_600_000,
  jitter: 0.1,
  maxAttempts: Number.POSITIVE_INFINITY,
};

export function restartBackoffOf(config: JobConfig, random: () => number): RestartBackoff {
  const strategy =
    config.restartStrategy ?? (config.checkpointIntervalMs === undefined ? ({ kind: "none" } as const) : DEFAULT_EXPONENTIAL);
  switch (strategy.kind) {
    case "none":
      return { nextDelayMs: () => null };
    case "fixedDelay":
      return new FixedDelay(strategy.attempts, strategy.delayMs);
    case "exponentialDelay":
      return new ExponentialDelay(strategy, random);
    case "failureRate":
      return new FailureRate(strategy.maxFailures, strategy.intervalMs, strategy.delayMs);
  }
}

class FixedDelay implements RestartBackoff {
  private left: number;
  private readonly delayMs: number;

  constructor(attempts: number, delayMs: number) {
    this.left = attempts;
    this.delayMs = delayMs;
  }

  nextDelayMs(): number | null {
    return this.left-- > 0 ? this.delayMs : null;
  }
}

class ExponentialDelay implements RestartBackoff {
  private readonly strategy: RestartStrategy & { kind: "exponentialDelay" };
  private readonly random: () => number;
  private backoffMs: number;
  private attempts = 0;
  /** When the job came back from the last failure. */
  private restartedAtMs = Number.NEGATIVE_INFINITY;

  constructor(strategy: RestartStrategy & { kind: "exponentialDelay" }, random: () => number) {
    this.strategy = strategy;
    this.random = random;
    this.backoffMs = strategy.initialMs;
  }

  nextDelayMs(nowMs: number): number | null {
    const { initialMs, maxMs, multiplier, resetMs, jitter, maxAttempts } = this.strategy;
    if (nowMs - this.restartedAtMs >= resetMs) {
      this.backoffMs = initialMs;
      this.attempts = 0;
    }
    this.attempts++;
    if (this.attempts > maxAttempts) return null;
    const spreadMs = this.backoffMs * jitter;
    const delayMs = Math.min(maxMs, Math.max(initialMs, Math.round(this.backoffMs + (this.random() * 2 - 1) * spreadMs)));
    this.backoffMs = Math.min(maxMs, this.backoffMs * multiplier);
    this.restartedAtMs = nowMs + delayMs;
    return delayMs;
  }
}

class FailureRate implements RestartBackoff {
  private readonly maxFailures: number;
  private readonly intervalMs: number;
  private readonly delayMs: number;
  private readonly failuresAtMs: number[] = [];

  constructor(maxFailures: number, intervalMs: number, delayMs: number) {
    this.maxFailures = maxFailures;
    this.intervalMs = intervalMs;
    this.delayMs = delayMs;
  }

  nextDelayMs(nowMs: number): number | null {
    while (this.failuresAtMs.length > 0 && this.failuresAtMs[0] <= nowMs - this.intervalMs) this.failuresAtMs.shift();
    this.failuresAtMs.push(nowMs);
    return this.failuresAtMs.length > this.maxFailures ? null : this.delayMs;
  }
}
