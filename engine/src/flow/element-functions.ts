import type { AggregateFunction, ReduceFunction } from "../state/folding-functions.ts";
import { AbstractRichFunction } from "./rich-function.ts";

/**
 * Where a function puts its results. The timestamp is that of the record (or timer, or window) being worked on.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export interface Collector<T> {
  /** Emits a value. */
  collect(value: T): void;
}

/**
 * One value in, one value out. Either form will do: an object with `map`, or a function. (Flink:
 * docs/dev/datastream/user_defined_functions)
 */
export interface MapFunction<I, O> {
  /** The value to emit for a value. */
  map(value: I): O;
}
/** A map function, or just `value => …`. (Flink: docs/dev/datastream/user_defined_functions) */
export type MapFunctionLike<I, O> = MapFunction<I, O> | ((value: I) => O);

/** One value in, any number out. (Flink: docs/dev/datastream/user_defined_functions) */
export interface FlatMapFunction<I, O> {
  /** Emits nothing, one or several values for a value. */
  flatMap(value: I, out: Collector<O>): void;
}
/**
 * Stands where the compiler cannot know what a lambda puts out: say it, as in `flatMap<Word>((line, out) => …)`, or annotate the collector,
 * `(line, out: Collector<Word>) => …`. (Flink cannot know it either, and refuses the lambda when the job is built.)
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export interface TypeOfResultMissing {
  readonly "write flatMap<Word>((line, out) => …)": never;
}

/** A flatMap function, or just `(value, out) => …`. (Flink: docs/dev/datastream/user_defined_functions) */
export type FlatMapFunctionLike<I, O> = FlatMapFunction<I, O> | ((value: I, out: Collector<O>) => void);

/** Says which values stay. (Flink: docs/dev/datastream/user_defined_functions) */
export interface FilterFunction<T> {
  /** True = the value stays. */
  filter(value: T): boolean;
}
/** A filter function, or just `value => …`. (Flink: docs/dev/datastream/user_defined_functions) */
export type FilterFunctionLike<T> = FilterFunction<T> | ((value: T) => boolean);

/** Object form of a key selector. (Flink: docs/dev/datastream/user_defined_functions) */
export interface KeySelectorObject<T, K> {
  /** The value's key; must be the same each time it is asked. */
  getKey(value: T): K;
}
/** A key selector, or just `value => value.userId`. (Flink: docs/dev/datastream/user_defined_functions) */
export type KeySelectorLike<T, K> = KeySelectorObject<T, K> | ((value: T) => K);

/** One value out for each value of either of two streams. (Flink: docs/dev/datastream/user_defined_functions) */
export interface CoMapFunction<I1, I2, O> {
  /** The value to emit for a value of the first stream. */
  map1(value: I1): O;
  /** The value to emit for a value of the second stream. */
  map2(value: I2): O;
}

/** Any number of values out for each value of either of two streams. (Flink: docs/dev/datastream/user_defined_functions) */
export interface CoFlatMapFunction<I1, I2, O> {
  /** Emits nothing, one or several values for a value of the first stream. */
  flatMap1(value: I1, out: Collector<O>): void;
  /** Emits nothing, one or several values for a value of the second stream. */
  flatMap2(value: I2, out: Collector<O>): void;
}

/** Decides the channel of a record in `partitionCustom`. (Flink: docs/dev/datastream/operators/overview) */
export interface Partitioner<K> {
  /** Number of the subtask, from 0 to `numPartitions` - 1. */
  partition(key: K, numPartitions: number): number;
}
/** A partitioner, or just `(key, numPartitions) => …`. (Flink: docs/dev/datastream/operators/overview) */
export type PartitionerLike<K> = Partitioner<K> | ((key: K, numPartitions: number) => number);

/** A map function with `open`, `close` and the runtime context, and so with state. (Flink: docs/dev/datastream/user_defined_functions) */
export abstract class RichMapFunction<I, O> extends AbstractRichFunction implements MapFunction<I, O> {
  abstract map(value: I): O;
}

/**
 * A flatMap function with `open`, `close` and the runtime context, and so with state.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export abstract class RichFlatMapFunction<I, O> extends AbstractRichFunction implements FlatMapFunction<I, O> {
  abstract flatMap(value: I, out: Collector<O>): void;
}

/**
 * A filter function with `open`, `close` and the runtime context, and so with state.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export abstract class RichFilterFunction<T> extends AbstractRichFunction implements FilterFunction<T> {
  abstract filter(value: T): boolean;
}

/** May use no keyed state when it is applied to windows (as in Flink). (Flink: docs/dev/datastream/user_defined_functions) */
export abstract class RichReduceFunction<T> extends AbstractRichFunction implements ReduceFunction<T> {
  abstract reduce(value1: T, value2: T): T;
}

/**
 * Cannot be applied to windows, which Flink refuses (WINDOW_RICH_FUNCTION); there is no other place for it. Here for programs that say the name.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export abstract class RichAggregateFunction<IN, ACC, OUT> extends AbstractRichFunction implements AggregateFunction<IN, ACC, OUT> {
  abstract createAccumulator(): ACC;
  abstract add(value: IN, accumulator: ACC): ACC;
  abstract getResult(accumulator: ACC): OUT;
  abstract merge(left: ACC, right: ACC): ACC;
}

/** A CoMapFunction with `open`, `close` and the runtime context, and so with state. (Flink: docs/dev/datastream/user_defined_functions) */
export abstract class RichCoMapFunction<I1, I2, O> extends AbstractRichFunction implements CoMapFunction<I1, I2, O> {
  abstract map1(value: I1): O;
  abstract map2(value: I2): O;
}

/**
 * A CoFlatMapFunction with `open`, `close` and the runtime context, and so with state.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export abstract class RichCoFlatMapFunction<I1, I2, O> extends AbstractRichFunction implements CoFlatMapFunction<I1, I2, O> {
  abstract flatMap1(value: I1, out: Collector<O>): void;
  abstract flatMap2(value: I2, out: Collector<O>): void;
}

/** The plain function of a key selector given either way. (Flink: docs/dev/datastream/user_defined_functions) */
export function toKeySelector<T, K>(selector: KeySelectorLike<T, K>): (value: T) => K {
  return typeof selector === "function" ? selector : (value) => selector.getKey(value);
}
