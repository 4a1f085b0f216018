import type { ReduceFunction } from "../state/folding-functions.ts";
import { AbstractRichFunction } from "./rich-function.ts";

/** Where a function puts its results. The timestamp is that of the record (or timer, or window) being worked on. */
export interface Collector<T> {
  collect(value: T): void;
}

export interface MapFunction<I, O> {
  map(value: I): O;
}
/** A map function, or just `value => …`. */
export type MapFunctionLike<I, O> = MapFunction<I, O> | ((value: I) => O);

export interface FlatMapFunction<I, O> {
  flatMap(value: I, out: Collector<O>): void;
}
/** A flatMap function, or just `(value, out) => …`. */
export type FlatMapFunctionLike<I, O> = FlatMapFunction<I, O> | ((value: I, out: Collector<O>) => void);

export interface FilterFunction<T> {
  filter(value: T): boolean;
}
export type FilterFunctionLike<T> = FilterFunction<T> | ((value: T) => boolean);

/** Object form of a key selector. */
export interface KeySelectorObject<T, K> {
  getKey(value: T): K;
}
/** A key selector, or just `value => value.userId`. */
export type KeySelectorLike<T, K> = KeySelectorObject<T, K> | ((value: T) => K);

export interface CoMapFunction<I1, I2, O> {
  map1(value: I1): O;
  map2(value: I2): O;
}

export interface CoFlatMapFunction<I1, I2, O> {
  flatMap1(value: I1, out: Collector<O>): void;
  flatMap2(value: I2, out: Collector<O>): void;
}

/** Decides the channel of a record in `partitionCustom`. */
export interface Partitioner<K> {
  partition(key: K, numPartitions: number): number;
}
export type PartitionerLike<K> = Partitioner<K> | ((key: K, numPartitions: number) => number);

export abstract class RichMapFunction<I, O> extends AbstractRichFunction implements MapFunction<I, O> {
  abstract map(value: I): O;
}

export abstract class RichFlatMapFunction<I, O> extends AbstractRichFunction implements FlatMapFunction<I, O> {
  abstract flatMap(value: I, out: Collector<O>): void;
}

export abstract class RichFilterFunction<T> extends AbstractRichFunction implements FilterFunction<T> {
  abstract filter(value: T): boolean;
}

/** May use no keyed state when it is applied to windows (as in Flink). */
export abstract class RichReduceFunction<T> extends AbstractRichFunction implements ReduceFunction<T> {
  abstract reduce(value1: T, value2: T): T;
}

export abstract class RichCoMapFunction<I1, I2, O> extends AbstractRichFunction implements CoMapFunction<I1, I2, O> {
  abstract map1(value: I1): O;
  abstract map2(value: I2): O;
}

export abstract class RichCoFlatMapFunction<I1, I2, O> extends AbstractRichFunction implements CoFlatMapFunction<I1, I2, O> {
  abstract flatMap1(value: I1, out: Collector<O>): void;
  abstract flatMap2(value: I2, out: Collector<O>): void;
}

/** The plain function of a key selector given either way. */
export function toKeySelector<T, K>(selector: KeySelectorLike<T, K>): (value: T) => K {
  return typeof selector === "function" ? selector : (value) => selector.getKey(value);
}
