/**
 * Whether and when a failed job starts again. Flink 2.3: `RestartBackoffTimeStrategy`; the default is exponential delay when the job
 * checkpoints, and no restart when it does not.
 */
import type { JobConfig, RestartStrategy } from "../../graph/stream-graph.ts";

export interface RestartBackoff {
  /** A failure at this virtual time: milliseconds to wait before the restart, or null = the job has failed for good. */
  nextDelayMs(nowMs: number): number | null;
  /** Whether the last failure began an attempt; false = it came while a restart was waited for, and changed nothing. */
  readonly isNewAttempt: boolean;
  /** As Flink writes it into "Recovery is suppressed by …". */
  describe(): string;
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
      return { nextDelayMs: () => null, isNewAttempt: true, describe: () => "NoRestartBackoffTimeStrategy" };
    case "fixedDelay":
      return new FixedDelay(strategy.attempts, strategy.delayMs);
    case "exponentialDelay":
      return new ExponentialDelay(strategy, random);
    case "failureRate":
      return new FailureRate(strategy.maxFailures, strategy.intervalMs, strategy.delayMs);
  }
}

class FixedDelay implements RestartBackoff {
  readonly isNewAttempt = true;
  private readonly attempts: number;
  private left: number;
  private readonly delayMs: number;

  constructor(attempts: number, delayMs: number) {
    this.attempts = attempts;
    this.left = attempts;
    this.delayMs = delayMs;
  }

  nextDelayMs(): number | null {
    return this.left-- > 0 ? this.delayMs : null;
  }

  describe(): string {
    return `FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=${this.attempts}, backoffTimeMS=${this.delayMs})`;
  }
}

/**
 * A failure while the job waits to be restarted belongs to the same attempt, and changes nothing. (Flink counts the very millisecond of the
 * restart to the waiting; here the job may already have been started and fail in it.)
 */
class ExponentialDelay implements RestartBackoff {
  private readonly strategy: RestartStrategy & { kind: "exponentialDelay" };
  private readonly random: () => number;
  private attempt = 0;
  private nextRestartMs = Number.NEGATIVE_INFINITY;
  isNewAttempt = true;

  constructor(strategy: RestartStrategy & { kind: "exponentialDelay" }, random: () => number) {
    this.strategy = strategy;
    this.random = random;
  }

  nextDelayMs(nowMs: number): number | null {
    const { resetMs, maxAttempts } = this.strategy;
    this.isNewAttempt = nowMs >= this.nextRestartMs;
    if (this.isNewAttempt) {
      if (nowMs - this.nextRestartMs >= resetMs) this.attempt = 0;
      this.nextRestartMs = nowMs + this.backoffMs();
      this.attempt++;
    }
    return this.attempt > maxAttempts ? null : Math.max(0, this.nextRestartMs - nowMs);
  }

  describe(): string {
    const { initialMs, maxMs, multiplier, resetMs, jitter, maxAttempts } = this.strategy;
    return (
      `ExponentialDelayRestartBackoffTimeStrategy(initialBackoffMS=${initialMs}, maxBackoffMS=${maxMs}, ` +
      `backoffMultiplier=${doubleText(multiplier)}, resetBackoffThresholdMS=${resetMs}, jitterFactor=${doubleText(jitter)}, ` +
      `attemptsBeforeResetBackoff=${Math.min(maxAttempts, 2 ** 31 - 1)}, currentRestartAttempt=${this.attempt}, ` +
      `nextRestartTimestamp=${this.nextRestartMs})`
    );
  }

  private backoffMs(): number {
    const { initialMs, maxMs, multiplier, jitter } = this.strategy;
    const backoffMs = Math.floor(initialMs * multiplier ** this.attempt);
    const spreadMs = Math.floor(backoffMs * jitter);
    const jitterMs = Math.floor(this.random() * (2 * spreadMs + 1)) - spreadMs;
    return Math.max(initialMs, Math.min(maxMs, backoffMs + jitterMs));
  }
}

class FailureRate implements RestartBackoff {
  readonly isNewAttempt = true;
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
    while (this.failuresAtMs.length > 0 && this.failuresAtMs[0] < nowMs - this.intervalMs) this.failuresAtMs.shift();
    this.failuresAtMs.push(nowMs);
    return this.failuresAtMs.length > this.maxFailures ? null : this.delayMs;
  }

  /** The name stands there twice, and one bracket is not closed, in Flink too. */
  describe(): string {
    const name = "FailureRateRestartBackoffTimeStrategy";
    return (
      `${name}(${name}(failuresIntervalMS=${this.intervalMs},backoffTimeMS=${this.delayMs},` + `maxFailuresPerInterval=${this.maxFailures})`
    );
  }
}

function doubleText(number: number): string {
  return Number.isInteger(number) ? `${number}.0` : String(number);
}
