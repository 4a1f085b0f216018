/** `stream.fullWindowPartition()`: everything that a subtask, or a key, gets until its input ends, as one piece. */
import { transform } from "./stream-internals.ts";
import type { AggregateFunction, ReduceFunctionLike } from "../flow/functions.ts";
import { toReduceFunction } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import {
  MapPartitionOperator,
  type MapPartitionFunctionLike,
  PartitionAggregateOperator,
  PartitionReduceOperator,
} from "../operators/partition/full-partition-operator.ts";
import { type Order, sortedBy } from "../operators/partition/sort-order.ts";
import { fieldReader } from "../operators/stream-grouped-aggregations.ts";
import { GlobalWindows } from "../operators/windowing/assigners/global-windows.ts";
import type { FieldOf } from "./keyed-stream.ts";
import type { DataStream, KeyedStream, SingleOutputStreamOperator } from "./streams.ts";
import { requireFunction } from "./user-functions.ts";

/**
 * A bounded stream whose records are looked at together when the input has ended: per subtask, or per key behind `keyBy`. On an
 * unbounded stream nothing ever comes out. (Flink: docs/dev/datastream/operators/full_window_partition)
 */
export interface PartitionWindowedStream<T> {
  /** Gets all records of a partition at once. */
  mapPartition<R>(mapper: MapPartitionFunctionLike<T, R>): SingleOutputStreamOperator<R>;
  /** All records of a partition in the order of a field or of what a selector takes out of them; equal ones stay as they came. */
  sortPartition(field: FieldOf<T> | ((value: T) => unknown), order: Order): SingleOutputStreamOperator<T>;
  /** Folds the records of a partition into one. */
  reduce(reducer: ReduceFunctionLike<T>): SingleOutputStreamOperator<T>;
  /** Folds the records of a partition into an accumulator and emits its result. */
  aggregate<ACC, R>(aggregate: AggregateFunction<T, ACC, R>): SingleOutputStreamOperator<R>;
}

/** A partition per subtask. The operator has the parallelism of its input, so that partitions stay what they are. */
export class NonKeyedPartitionWindowedStream<T> implements PartitionWindowedStream<T> {
  readonly #input: DataStream<T>;

  constructor(input: DataStream<T>) {
    this.#input = input;
  }

  mapPartition<R>(mapper: MapPartitionFunctionLike<T, R>): SingleOutputStreamOperator<R> {
    requireFunction(mapper, "mapPartition", "mapPartition");
    // It would keep the input waiting, so Flink lets it have a task of its own.
    return this.#operator<R>("MapPartition", () => new MapPartitionOperator<T, R>(mapper)).disableChaining();
  }

  sortPartition(field: FieldOf<T> | ((value: T) => unknown), order: Order): SingleOutputStreamOperator<T> {
    return this.#operator<T>("SortPartition", () => new MapPartitionOperator<T, T>(sortedBy(readerOf(field), order)));
  }

  reduce(reducer: ReduceFunctionLike<T>): SingleOutputStreamOperator<T> {
    requireFunction(reducer, "reduce", "reduce");
    return this.#operator<T>("PartitionReduce", () => new PartitionReduceOperator<T>(toReduceFunction(reducer)));
  }

  aggregate<ACC, R>(aggregate: AggregateFunction<T, ACC, R>): SingleOutputStreamOperator<R> {
    requireFunction(aggregate, "aggregate", "createAccumulator");
    return this.#operator<R>("PartitionAggregate", () => new PartitionAggregateOperator<T, ACC, R>(aggregate));
  }

  #operator<R>(name: string, createOperator: () => OneInputStreamOperator): SingleOutputStreamOperator<R> {
    return transform<R>(this.#input, name, createOperator).setParallelism(this.#input.getParallelism());
  }
}

/** A partition per key: a global window that fires when the input has ended. */
export class KeyedPartitionWindowedStream<T, K> implements PartitionWindowedStream<T> {
  readonly #input: KeyedStream<T, K>;

  constructor(input: KeyedStream<T, K>) {
    this.#input = input;
  }

  mapPartition<R>(mapper: MapPartitionFunctionLike<T, R>): SingleOutputStreamOperator<R> {
    requireFunction(mapper, "mapPartition", "mapPartition");
    const map =
      typeof mapper === "function" ? mapper : (values: Iterable<T>, out: { collect(value: R): void }) => mapper.mapPartition(values, out);
    return this.#windows().apply<R>((_key, _window, values, out) => map(values, out));
  }

  sortPartition(field: FieldOf<T> | ((value: T) => unknown), order: Order): SingleOutputStreamOperator<T> {
    return this.mapPartition<T>(sortedBy(readerOf(field), order)).name("KeyedSortPartition");
  }

  reduce(reducer: ReduceFunctionLike<T>): SingleOutputStreamOperator<T> {
    return this.#windows().reduce(reducer);
  }

  aggregate<ACC, R>(aggregate: AggregateFunction<T, ACC, R>): SingleOutputStreamOperator<R> {
    return this.#windows().aggregate(aggregate);
  }

  #windows() {
    return this.#input.window(GlobalWindows.createWithEndOfStreamTrigger());
  }
}

function readerOf<T>(field: FieldOf<T> | ((value: T) => unknown)): (value: T) => unknown {
  return typeof field === "function" ? field : fieldReader(field);
}
