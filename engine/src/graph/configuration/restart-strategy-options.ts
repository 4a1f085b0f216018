/** `restart-strategy.…`: all options of Flink 2.3. (Flink: docs/ops/state/task_failure_recovery) */
import { Duration } from "../../base/duration.ts";
import { ConfigOptions } from "./config-option.ts";

/** Options of `restart-strategy.…`. (Flink: docs/ops/state/task_failure_recovery) */
export const RestartStrategyOptions = {
  /** `none`, `fixed-delay`, `exponential-delay` or `failure-rate`; by default exponential delay with checkpointing, none without. */
  RESTART_STRATEGY: ConfigOptions.key("restart-strategy.type").withFallbackKeys("restart-strategy").stringType().noDefaultValue(),
  /** How many failures the job survives, over its whole life. */
  RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS: ConfigOptions.key("restart-strategy.fixed-delay.attempts").intType().defaultValue(1),
  /** Between a failure and the restart. */
  RESTART_STRATEGY_FIXED_DELAY_DELAY: ConfigOptions.key("restart-strategy.fixed-delay.delay")
    .durationType()
    .defaultValue(Duration.ofSeconds(1)),
  /** How many failures within the interval the job survives. */
  RESTART_STRATEGY_FAILURE_RATE_MAX_FAILURES_PER_INTERVAL: ConfigOptions.key("restart-strategy.failure-rate.max-failures-per-interval")
    .intType()
    .defaultValue(1),
  /** The interval in which failures are counted. */
  RESTART_STRATEGY_FAILURE_RATE_FAILURE_RATE_INTERVAL: ConfigOptions.key("restart-strategy.failure-rate.failure-rate-interval")
    .durationType()
    .defaultValue(Duration.ofMinutes(1)),
  /** Between a failure and the restart. */
  RESTART_STRATEGY_FAILURE_RATE_DELAY: ConfigOptions.key("restart-strategy.failure-rate.delay")
    .durationType()
    .defaultValue(Duration.ofSeconds(1)),
  /** Between the first failure and the restart. */
  RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF: ConfigOptions.key("restart-strategy.exponential-delay.initial-backoff")
    .durationType()
    .defaultValue(Duration.ofSeconds(1)),
  /** The longest delay. */
  RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF: ConfigOptions.key("restart-strategy.exponential-delay.max-backoff")
    .durationType()
    .defaultValue(Duration.ofMinutes(1)),
  /** By how much each delay is longer than the one before. */
  RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER: ConfigOptions.key("restart-strategy.exponential-delay.backoff-multiplier")
    .doubleType()
    .defaultValue(1.5),
  /** How long the job must run without a failure for the backoff to begin anew. */
  RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD: ConfigOptions.key(
    "restart-strategy.exponential-delay.reset-backoff-threshold",
  )
    .durationType()
    .defaultValue(Duration.ofHours(1)),
  /** Share of the delay by which it varies at random, up or down. */
  RESTART_STRATEGY_EXPONENTIAL_DELAY_JITTER_FACTOR: ConfigOptions.key("restart-strategy.exponential-delay.jitter-factor")
    .doubleType()
    .defaultValue(0.1),
  /** How many attempts the job has until the backoff begins anew; 2147483647 = without end. */
  RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS: ConfigOptions.key("restart-strategy.exponential-delay.attempts-before-reset-backoff")
    .intType()
    .defaultValue(2147483647),
} as const;
