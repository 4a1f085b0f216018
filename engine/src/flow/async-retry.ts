/**
 * Which outcomes of a request are to be tried again; an absent predicate means: none of that kind (Flink: `AsyncRetryPredicate`).
 * (Flink: docs/dev/datastream/operators/asyncio)
 */
export interface AsyncRetryPredicate<OUT> {
  /** True for results that call for another try, absent when none does. */
  resultPredicate(): ((results: readonly OUT[]) => boolean) | undefined;
  /** True for errors that call for another try, absent when none does. */
  exceptionPredicate(): ((error: unknown) => boolean) | undefined;
}

/**
 * Whether and when a request is made again (Flink: `AsyncRetryStrategy`,
 * https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/asyncio/#retry-support). Each subtask has a
 * strategy of its own; all its records share it.
 */
export interface AsyncRetryStrategy<OUT> {
  /** May a request that has been made `currentAttempts` times (at least 1) be made again? */
  canRetry(currentAttempts: number): boolean;
  /** Milliseconds from the answer until the next attempt. */
  getBackoffTimeMillis(currentAttempts: number): number;
  /** Which results and errors call for another try. */
  getRetryPredicate(): AsyncRetryPredicate<OUT>;
}
