import { internalsOf, ofType, transform } from "./stream-internals.ts";
import type { KeySelector } from "../flow/operator.ts";
import type { Partitioning } from "../graph/stream-graph.ts";
import { KeyedProcessFunction, type ProcessFunction, type ReduceFunctionLike } from "../flow/functions.ts";
import { KeyedProcessOperator } from "../operators/keyed-process-operator.ts";
import { ProcessOperator } from "../operators/process-operator.ts";
import {
  type FieldPath,
  maxAggregator,
  maxByAggregator,
  minAggregator,
  minByAggregator,
  sumAggregator,
} from "../operators/stream-grouped-aggregations.ts";
import { StreamGroupedReduce } from "../operators/stream-grouped-reduce.ts";
import { GlobalWindows } from "../operators/windowing/assigners/global-windows.ts";
import type { WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import { CountEvictor } from "../operators/windowing/evictors/count-evictor.ts";
import { CountTrigger } from "../operators/windowing/triggers/count-trigger.ts";
import { PurgingTrigger } from "../operators/windowing/triggers/purging-trigger.ts";
import type { GlobalWindow, Window } from "../operators/windowing/window.ts";
import { wholeNumber } from "../graph/configuration/whole-number.ts";
import { positionOfNext, type GraphBuilder, type StreamOrigin } from "./graph-builder.ts";
import { DataStream, IntervalJoin, type SingleOutputStreamOperator, WindowedStream } from "./streams.ts";
import { KeyedPartitionWindowedStream, type PartitionWindowedStream } from "./partition-windowed-stream.ts";
import { checkAggregatedField } from "./type-checks.ts";
import type { TypeInformation } from "./type-information.ts";
import { requireFunction, requireStream } from "./user-functions.ts";

/** Names a field of `T`, a tuple position, a path such as "user.age", or "*" for the value itself. */
export type FieldOf<T> = (keyof T & string) | `${keyof T & string}.${string}` | number | "*";

/** A stream cut by key: operators behind it keep state and timers per key. (Flink: docs/dev/datastream/operators/overview) */
export class KeyedStream<T, K> extends DataStream<T> {
  /** @internal */
  constructor(
    builder: GraphBuilder,
    origins: readonly StreamOrigin[],
    keySelector: (value: T) => K,
    keyType?: TypeInformation<K>,
    partitioning: Partitioning = { kind: "hash", keySelector: keySelector as KeySelector, position: positionOfNext() },
  ) {
    super(
      builder,
      origins.map((origin) => ({ ...origin, partitioning })),
      { keySelector: keySelector as KeySelector, keyType },
    );
  }

  /** Folds each key's values into one, and emits the new result for every value. */
  reduce(reducer: ReduceFunctionLike<T>): SingleOutputStreamOperator<T> {
    requireFunction(reducer, "reduce", "reduce");
    return ofType(
      transform<T>(this, "Keyed Reduce", () => new StreamGroupedReduce<T>(reducer)),
      internalsOf(this).knownType,
    );
  }

  /** Running sum of a field per key; the other fields are the first record's. */
  sum(field: FieldOf<T>): SingleOutputStreamOperator<T> {
    checkAggregatedField(internalsOf(this).knownType, field, true);
    return this.#aggregation(field, () => new StreamGroupedReduce<T>(sumAggregator<T>(field as FieldPath)));
  }

  /** Running minimum of a field per key; the other fields are the first record's. */
  min(field: FieldOf<T>): SingleOutputStreamOperator<T> {
    return this.#aggregation(field, () => new StreamGroupedReduce<T>(minAggregator<T>(field as FieldPath)));
  }

  /** Running maximum of a field per key; the other fields are the first record's. */
  max(field: FieldOf<T>): SingleOutputStreamOperator<T> {
    return this.#aggregation(field, () => new StreamGroupedReduce<T>(maxAggregator<T>(field as FieldPath)));
  }

  /** The record with the smallest field so far per key. @param first of equal records keep the first (default) or the last. */
  minBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregation(field, () => new StreamGroupedReduce<T>(minByAggregator<T>(field as FieldPath, first)));
  }

  /** The record with the largest field so far per key. @param first of equal records keep the first (default) or the last. */
  maxBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    return this.#aggregation(field, () => new StreamGroupedReduce<T>(maxByAggregator<T>(field as FieldPath, first)));
  }

  #aggregation(field: FieldOf<T>, createOperator: () => StreamGroupedReduce<T>): SingleOutputStreamOperator<T> {
    checkAggregatedField(internalsOf(this).knownType, field, false);
    return ofType(transform<T>(this, "Keyed Aggregation", createOperator), internalsOf(this).knownType);
  }

  /** State and timers per key. */
  override process<R>(processFunction: KeyedProcessFunction<K, T, R> | ProcessFunction<T, R>): SingleOutputStreamOperator<R> {
    requireFunction(processFunction, "process", "processElement");
    if (processFunction instanceof KeyedProcessFunction) {
      return transform(this, "KeyedProcess", () => new KeyedProcessOperator<K, T, R>(processFunction));
    }
    return transform(this, "Process", () => new ProcessOperator<T, R>(processFunction));
  }

  /** Everything that a key gets until the input ends, as one piece, to be sorted, mapped or folded. For bounded streams. */
  override fullWindowPartition(): PartitionWindowedStream<T> {
    return new KeyedPartitionWindowedStream<T, K>(this);
  }

  /** Groups each key's values into windows. */
  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W> {
    return new WindowedStream<T, K, W>(this, assigner);
  }

  /** Windows of `size` values per key; with `slide`, a window of the last `size` values after every `slide`. */
  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow> {
    wholeNumber(size, "The size of a count window", 1);
    const windows = this.window(GlobalWindows.create());
    if (slide === undefined) return windows.trigger(PurgingTrigger.of(CountTrigger.of(size)));
    wholeNumber(slide, "The slide of a count window", 1);
    return windows.evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide));
  }

  /** Pairs records of this stream (the left one) and another that share a key and whose timestamps lie in a relative interval. */
  intervalJoin<T2>(other: KeyedStream<T2, K>): IntervalJoin<T, T2, K> {
    requireStream(other, "intervalJoin", true);
    return new IntervalJoin<T, T2, K>(this, other);
  }
}
