/**
 * Combines two values of one type into one; must be associative (Flink: `ReduceFunction`). Either form will do.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export interface ReduceFunction<T> {
  /** The two values in one. Change neither of them. */
  reduce(value1: T, value2: T): T;
}

/**
 * Folds values into an accumulator (Flink: `AggregateFunction`). `merge` is needed for session windows only; long runs of sliding windows
 * use it as well, once it has shown on the job's own records that it gives what adding them one by one gives.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export interface AggregateFunction<IN, ACC, OUT> {
  /** A fresh accumulator, for the first value of a key, window or partition. */
  createAccumulator(): ACC;
  /** The accumulator with a value in it; it may be changed and given back. */
  add(value: IN, accumulator: ACC): ACC;
  /** The result of an accumulator, which may go on to be used. */
  getResult(accumulator: ACC): OUT;
  /** Two accumulators in one. Called for windows that merge; leave it out where there are none. */
  merge?(a: ACC, b: ACC): ACC;
}

/** A reduce function, or just `(value1, value2) => …`. (Flink: docs/dev/datastream/operators/windows) */
export type ReduceFunctionLike<T> = ReduceFunction<T> | ((value1: T, value2: T) => T);

/** The object form of a reduce function given either way. (Flink: docs/dev/datastream/operators/windows) */
export function toReduceFunction<T>(reduce: ReduceFunctionLike<T>): ReduceFunction<T> {
  return typeof reduce === "function" ? { reduce } : reduce;
}
