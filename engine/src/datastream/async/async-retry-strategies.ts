import { Diagnostic } from "../../base/diagnostic.ts";
import type { AsyncRetryPredicate, AsyncRetryStrategy } from "../../flow/async-retry.ts";
import { type TimeLike, timeMs } from "../../graph/configuration/time-like.ts";

type ResultPredicate<OUT> = (results: readonly OUT[]) => boolean;
type ExceptionPredicate = (error: unknown) => boolean;

/** What the two kinds of strategies have in common: how often, and what is tried again. */
abstract class LimitedRetryStrategy<OUT> implements AsyncRetryStrategy<OUT> {
  private readonly maxAttempts: number;
  private readonly predicate: AsyncRetryPredicate<OUT>;

  constructor(maxAttempts: number, ifResult: ResultPredicate<OUT> | undefined, ifException: ExceptionPredicate | undefined) {
    this.maxAttempts = maxAttempts;
    this.predicate = { resultPredicate: () => ifResult, exceptionPredicate: () => ifException };
  }

  canRetry(currentAttempts: number): boolean {
    return currentAttempts <= this.maxAttempts;
  }

  abstract getBackoffTimeMillis(currentAttempts: number): number;

  getRetryPredicate(): AsyncRetryPredicate<OUT> {
    return this.predicate;
  }
}

class FixedDelayRetryStrategy<OUT> extends LimitedRetryStrategy<OUT> {
  private readonly backoffTimeMs: number;

  constructor(maxAttempts: number, backoffTimeMs: number, ifResult?: ResultPredicate<OUT>, ifException?: ExceptionPredicate) {
    super(maxAttempts, ifResult, ifException);
    this.backoffTimeMs = backoffTimeMs;
  }

  override getBackoffTimeMillis(_currentAttempts: number): number {
    return this.backoffTimeMs;
  }
}

/** The delay that grows is one for all records of a subtask, as in Flink: a second record's retry continues where the first one's was. */
class ExponentialBackoffDelayRetryStrategy<OUT> extends LimitedRetryStrategy<OUT> {
  private readonly initialDelayMs: number;
  private readonly maxRetryDelayMs: number;
  private readonly multiplier: number;
  private lastRetryDelayMs: number;

  constructor(
    maxAttempts: number,
    delays: { readonly initialMs: number; readonly maxMs: number; readonly multiplier: number },
    ifResult?: ResultPredicate<OUT>,
    ifException?: ExceptionPredicate,
  ) {
    super(maxAttempts, ifResult, ifException);
    this.initialDelayMs = delays.initialMs;
    this.maxRetryDelayMs = delays.maxMs;
    this.multiplier = delays.multiplier;
    this.lastRetryDelayMs = delays.initialMs;
  }

  override getBackoffTimeMillis(currentAttempts: number): number {
    this.lastRetryDelayMs =
      currentAttempts <= 1 ? this.initialDelayMs : Math.min(Math.trunc(this.lastRetryDelayMs * this.multiplier), this.maxRetryDelayMs);
    return this.lastRetryDelayMs;
  }
}

/** `new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder(3, 100).ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE).build()` */
class FixedDelayRetryStrategyBuilder<OUT> {
  private readonly maxAttempts: number;
  private readonly backoffTimeMs: number;
  private resultPredicate: ResultPredicate<OUT> | undefined;
  private exceptionPredicate: ExceptionPredicate | undefined;

  /**
   * @param maxAttempts retries after the first attempt, at least 1.
   * @param backoffTime from an outcome to the next attempt; a number is milliseconds.
   * @throws Diagnostic ASYNC_BAD_RETRY
   */
  constructor(maxAttempts: number, backoffTime: TimeLike) {
    requireRetry(maxAttempts > 0, "maxAttempts should be greater than zero.", maxAttempts);
    this.maxAttempts = maxAttempts;
    this.backoffTimeMs = timeMs(backoffTime, "backoffTimeMillis", Number.MIN_SAFE_INTEGER);
    requireRetry(this.backoffTimeMs > 0, "backoffTimeMillis should be greater than zero.", this.backoffTimeMs);
  }

  /** Results for which the request is made again. Without it results are always taken. */
  ifResult(predicate: ResultPredicate<OUT>): this {
    this.resultPredicate = predicate;
    return this;
  }

  /** Errors after which the request is made again. Without it an error fails the job. */
  ifException(predicate: ExceptionPredicate): this {
    this.exceptionPredicate = predicate;
    return this;
  }

  build(): AsyncRetryStrategy<OUT> {
    return new FixedDelayRetryStrategy<OUT>(this.maxAttempts, this.backoffTimeMs, this.resultPredicate, this.exceptionPredicate);
  }
}

/** Delays that grow: `new AsyncRetryStrategies.ExponentialBackoffDelayRetryStrategyBuilder(5, 100, 10_000, 2.0)…` */
class ExponentialBackoffDelayRetryStrategyBuilder<OUT> {
  private readonly maxAttempts: number;
  private readonly initialDelayMs: number;
  private readonly maxRetryDelayMs: number;
  private readonly multiplier: number;
  private resultPredicate: ResultPredicate<OUT> | undefined;
  private exceptionPredicate: ExceptionPredicate | undefined;

  /**
   * @param maxAttempts retries after the first attempt.
   * @param initialDelay before the first retry; a number is milliseconds.
   * @param maxRetryDelay no delay after the first is longer.
   * @param multiplier of one delay to the next.
   */
  constructor(maxAttempts: number, initialDelay: TimeLike, maxRetryDelay: TimeLike, multiplier: number) {
    this.maxAttempts = maxAttempts;
    this.initialDelayMs = timeMs(initialDelay, "initialDelay");
    this.maxRetryDelayMs = timeMs(maxRetryDelay, "maxRetryDelay");
    this.multiplier = multiplier;
  }

  /** Results for which the request is made again. Without it results are always taken. */
  ifResult(predicate: ResultPredicate<OUT>): this {
    this.resultPredicate = predicate;
    return this;
  }

  /** Errors after which the request is made again. Without it an error fails the job. */
  ifException(predicate: ExceptionPredicate): this {
    this.exceptionPredicate = predicate;
    return this;
  }

  build(): AsyncRetryStrategy<OUT> {
    const delays = { initialMs: this.initialDelayMs, maxMs: this.maxRetryDelayMs, multiplier: this.multiplier };
    return new ExponentialBackoffDelayRetryStrategy<OUT>(this.maxAttempts, delays, this.resultPredicate, this.exceptionPredicate);
  }
}

function requireRetry(condition: boolean, message: string, found: number): void {
  if (condition) return;
  throw new Diagnostic({ code: "ASYNC_BAD_RETRY", message, phase: "graph", found: String(found), expected: "a number of at least 1" });
}

/** Never a retry (Flink: `AsyncRetryStrategies.NO_RETRY_STRATEGY`). */
const NO_RETRY_STRATEGY: AsyncRetryStrategy<never> = {
  canRetry: () => false,
  getBackoffTimeMillis: () => -1,
  getRetryPredicate: () => ({ resultPredicate: () => undefined, exceptionPredicate: () => undefined }),
};

/** Builders of the retry strategies that Flink brings (Flink: `AsyncRetryStrategies`). (Flink: docs/dev/datastream/operators/asyncio) */
export const AsyncRetryStrategies = {
  NO_RETRY_STRATEGY,
  FixedDelayRetryStrategyBuilder,
  ExponentialBackoffDelayRetryStrategyBuilder,
} as const;
