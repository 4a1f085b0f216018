/**
 * Adds values up in each subtask; after the job the subtasks' results are merged and stand in the run's outcome. Registered with
 * `getRuntimeContext().addAccumulator("name", new IntCounter())`. It is no state: a failure loses it, and the new attempt begins at nothing,
 * counting replayed records again. (Flink: `Accumulator`; docs/dev/user_defined_functions#accumulators--counters)
 */
export interface Accumulator<V, R> {
  /** Takes one value in. */
  add(value: V): void;
  /** The result of this subtask so far. */
  getLocalValue(): R;
  /** Forgets all values. */
  resetLocal(): void;
  /** Takes the other's values in. */
  merge(other: Accumulator<V, R>): void;
  /** One of the same kind with the same values, independent of this one. */
  clone(): Accumulator<V, R>;
}

/**
 * An accumulator whose result is of the kind of its values. Flink: `SimpleAccumulator`.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export type SimpleAccumulator<T> = Accumulator<T, T>;
