import { UserDefinedFunction } from "./user-defined-function.ts";

/**
 * Many rows in, one value out. The accumulator is plain data (objects, arrays, maps): it is state, and checkpointed.
 *
 * ```ts
 * class WeightedAverage extends AggregateFunction<number | null, { sum: number; weight: number }> {
 *   static functionHint = { input: ["BIGINT", "INT"], output: "DOUBLE" };
 *   createAccumulator() { return { sum: 0, weight: 0 }; }
 *   accumulate(acc: { sum: number; weight: number }, value: number, weight: number) { acc.sum += value * weight; acc.weight += weight; }
 *   getValue(acc: { sum: number; weight: number }) { return acc.weight === 0 ? null : acc.sum / acc.weight; }
 * }
 * ```
 *
 * Besides `accumulate` it may have `retract(acc, …)`, which an input with updates and OVER windows need, `merge(acc, others)`, which session and hopping
 * windows need, and `resetAccumulator(acc)`. (Flink: docs/dev/table/functions/udfs, "Aggregate Functions")
 */
export abstract class AggregateFunction<T = unknown, ACC = unknown> extends UserDefinedFunction {
  /** What a group begins with. */
  abstract createAccumulator(): ACC;
  /** Counts one row in, by changing the accumulator. */
  abstract accumulate(accumulator: ACC, ...args: never[]): void;
  /** The group's result as it is now. */
  abstract getValue(accumulator: ACC): T;
  /** Takes a row back. */
  retract?(accumulator: ACC, ...args: never[]): void;
  /** Adds other accumulators to the first, which is changed. */
  merge?(accumulator: ACC, others: Iterable<ACC>): void;
  /** Makes the accumulator what it was in the beginning. */
  resetAccumulator?(accumulator: ACC): void;
}
