import { UserDefinedFunction } from "./user-defined-function.ts";

/** Takes the rows that a table aggregate function emits. (Flink: docs/dev/table/functions/udfs, "Table Aggregate Functions") */
export interface RowCollector<T> {
  /** Emits a row. */
  collect(row: T): void;
}

/** Takes rows, and takes rows back. (Flink: docs/dev/table/functions/udfs, "Table Aggregate Functions") */
export interface RetractableCollector<T> extends RowCollector<T> {
  /** Takes back a row that was emitted before. */
  retract(row: T): void;
}

/**
 * Many rows in, a table out: what a group has come to is any number of rows, such as its two largest values. Used with `flatAggregate` of the Table API.
 *
 * ```ts
 * class Top2 extends TableAggregateFunction<Row, number[]> {
 *   static functionHint = { input: ["INT"], output: "ROW<v INT, place INT>" };
 *   createAccumulator() { return []; }
 *   accumulate(top: number[], v: number) { top.push(v); top.sort((a, b) => b - a).splice(2); }
 *   emitValue(top: number[], out: RowCollector<Row>) { top.forEach((v, i) => out.collect(Row.of(v, i + 1))); }
 * }
 * // table.groupBy($("k")).flatAggregate(call(Top2, $("x"))).select($("k"), $("v"), $("place"))
 * ```
 *
 * `emitValue` gives all rows anew: the earlier ones are taken back by the engine. `emitUpdateWithRetract`, if there is one, says itself what has changed. Inputs with
 * updates need `retract`, session and hopping windows `merge`. (Flink: docs/dev/table/functions/udfs, "Table Aggregate Functions")
 */
export abstract class TableAggregateFunction<T = unknown, ACC = unknown> extends UserDefinedFunction {
  /** What a group begins with. */
  abstract createAccumulator(): ACC;
  /** Counts one row in, by changing the accumulator. */
  abstract accumulate(accumulator: ACC, ...args: never[]): void;
  /** Emits all rows of the group as it is now. */
  emitValue?(accumulator: ACC, out: RowCollector<T>): void;
  /** Emits what has changed since it was called last; not over windows. */
  emitUpdateWithRetract?(accumulator: ACC, out: RetractableCollector<T>): void;
  /** Takes a row back. */
  retract?(accumulator: ACC, ...args: never[]): void;
  /** Adds other accumulators to the first, which is changed. */
  merge?(accumulator: ACC, others: Iterable<ACC>): void;
}
