import type { RestartStrategy } from "../graph/stream-graph.ts";
import { type TimeLike, timeMs } from "../graph/configuration/time-like.ts";

/**
 * What happens after a failure (Flink: `RestartStrategies`). Delays are durations or milliseconds.
 * (Flink: docs/ops/state/task_failure_recovery)
 */
export const RestartStrategies = {
  /** The first failure ends the job. */
  noRestart(): RestartStrategy {
    return { kind: "none" };
  },

  /** At most `attempts` restarts, each after `delay`. */
  fixedDelayRestart(attempts: number, delay: TimeLike): RestartStrategy {
    return { kind: "fixedDelay", attempts, delayMs: timeMs(delay, "The restart delay") };
  },

  /** Waits longer and longer; Flink's default when checkpointing is on (1 s, 1 min, 1.5, 1 h, 0.1). */
  exponentialDelayRestart(
    initialBackoff: TimeLike,
    maxBackoff: TimeLike,
    backoffMultiplier: number,
    resetBackoffThreshold: TimeLike,
    jitterFactor: number,
  ): RestartStrategy {
    return {
      kind: "exponentialDelay",
      initialMs: timeMs(initialBackoff, "The initial backoff", 1),
      maxMs: timeMs(maxBackoff, "The maximum backoff", 1),
      multiplier: backoffMultiplier,
      resetMs: timeMs(resetBackoffThreshold, "The reset threshold"),
      jitter: jitterFactor,
      maxAttempts: Number.POSITIVE_INFINITY,
    };
  },

  /** Gives up when there were more than `failureRate` failures within `failureInterval`. */
  failureRateRestart(failureRate: number, failureInterval: TimeLike, delay: TimeLike): RestartStrategy {
    return {
      kind: "failureRate",
      maxFailures: failureRate,
      intervalMs: timeMs(failureInterval, "The failure interval"),
      delayMs: timeMs(delay, "The restart delay"),
    };
  },
} as const;
