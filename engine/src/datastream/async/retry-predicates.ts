/** Ready predicates for retry strategies (Flink: `RetryPredicates`). (Flink: docs/dev/datastream/operators/asyncio) */
export const RetryPredicates = {
  /** True for an empty collection of results. */
  EMPTY_RESULT_PREDICATE: (results: readonly unknown[]): boolean => results.length === 0,
  /** True for every error. */
  HAS_EXCEPTION_PREDICATE: (error: unknown): boolean => error !== null && error !== undefined,
  /** True for errors of this class and of classes below it. */
  createExceptionTypePredicate:
    (exceptionClass: abstract new (...args: never[]) => unknown) =>
    (error: unknown): boolean =>
      error instanceof exceptionClass,
} as const;
