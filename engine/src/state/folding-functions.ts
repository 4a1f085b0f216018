/** Combines two values of one type into one; must be associative (Flink: `ReduceFunction`). Either form will do. */
export interface ReduceFunction<T> {
  reduce(value1: T, value2: T): T;
}

/** Folds values into an accumulator (Flink: `AggregateFunction`). `merge` is needed for session windows only. */
export interface AggregateFunction<IN, ACC, OUT> {
  createAccumulator(): ACC;
  add(value: IN, accumulator: ACC): ACC;
  getResult(accumulator: ACC): OUT;
  merge?(a: ACC, b: ACC): ACC;
}

export type ReduceFunctionLike<T> = ReduceFunction<T> | ((value1: T, value2: T) => T);

/** The object form of a reduce function given either way. */
export function toReduceFunction<T>(reduce: ReduceFunctionLike<T>): ReduceFunction<T> {
  return typeof reduce === "function" ? { reduce } : reduce;
}
