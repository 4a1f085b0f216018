import { internalsOf, transform } from "./stream-internals.ts";
import type { AggregateFunction, ProcessWindowFunction, ReduceFunctionLike, WindowFunctionLike } from "../flow/functions.ts";
import { toReduceFunction } from "../flow/functions.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { OutputTag } from "../flow/output.ts";
import {
  type FieldPath,
  maxAggregator,
  maxByAggregator,
  minAggregator,
  minByAggregator,
  sumAggregator,
} from "../operators/stream-grouped-aggregations.ts";
import type { WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import type { Evictor } from "../operators/windowing/evictors/evictor.ts";
import {
  type InternalWindowFunction,
  IterableApplyWindowFunction,
  IterableProcessWindowFunction,
} from "../operators/windowing/internal-window-function.ts";
import type { Trigger } from "../operators/windowing/triggers/trigger.ts";
import type { Window } from "../operators/windowing/window.ts";
import { aggregatingWindowOperator, listWindowOperator, reducingWindowOperator } from "./window-operators.ts";
import type { FieldOf } from "./keyed-stream.ts";
import type { DataStream, SingleOutputStreamOperator } from "./streams.ts";
import type { TimeLike } from "../graph/configuration/time-like.ts";
import { checkAggregatedField } from "./type-checks.ts";
import { TypeInformation } from "./type-information.ts";
import { requireFunction } from "./user-functions.ts";
import { refuseRichFunction, WindowSettings } from "./window-settings.ts";

/**
 * A keyed stream cut into windows. End it with `reduce`, `aggregate`, `process`, `apply` or a field aggregation.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/windows/)
 */
export class WindowedStream<T, K, W extends Window> {
  readonly #input: DataStream<T>;
  readonly #settings: WindowSettings<T, W>;
  /** Only carries the key type; never set. */
  declare readonly keyType?: K;

  /** @internal */
  constructor(input: DataStream<T>, assigner: WindowAssigner<T, W>) {
    this.#input = input;
    this.#settings = new WindowSettings(assigner);
  }

  /** Replaces the assigner's own trigger: a window then fires only when this one says so. */
  trigger(trigger: Trigger<T, W>): this {
    this.#settings.setTrigger(trigger);
    return this;
  }

  /** Removes elements before or after the function runs. All elements are kept until then, even for reduce and aggregate. */
  evictor(evictor: Evictor<T, W>): this {
    this.#settings.setEvictor(evictor);
    return this;
  }

  /** How long a window is kept after the watermark passed its end; each late element in that time fires it again. Default 0. */
  allowedLateness(lateness: TimeLike): this {
    this.#settings.setAllowedLateness(lateness);
    return this;
  }

  /** Sends elements that come too late into a side output instead of dropping them; read it with `getSideOutput` on the result. */
  sideOutputLateData(tag: OutputTag<T>): this {
    this.#settings.setLateDataTag(tag);
    return this;
  }

  /** Folds elements as they come; state is one value per window. With a window function, it gets the one result. */
  reduce(reducer: ReduceFunctionLike<T>): SingleOutputStreamOperator<T>;
  reduce<R>(reducer: ReduceFunctionLike<T>, windowFunction: ProcessWindowFunction<T, R, K, W>): SingleOutputStreamOperator<R>;
  reduce<R>(reducer: ReduceFunctionLike<T>, windowFunction: WindowFunctionLike<T, R, K, W>): SingleOutputStreamOperator<R>;
  reduce<R>(
    reducer: ReduceFunctionLike<T>,
    windowFunction?: ProcessWindowFunction<T, R, K, W> | WindowFunctionLike<T, R, K, W>,
  ): SingleOutputStreamOperator<T | R> {
    requireFunction(reducer, "reduce", "reduce");
    refuseRichFunction(reducer, "reduce");
    const then = windowFunction === undefined ? undefined : adapted(windowFunction, "reduce");
    return this.#operator([reducer, windowFunction], () =>
      reducingWindowOperator(this.#settings, toReduceFunction(reducer), then?.(), internalsOf(this.#input).knownType),
    );
  }

  /**
   * Folds elements into an accumulator; state is one accumulator per window. With a window function, it gets the one result. The accumulator's
   * type is what savepoints remember; where it is not given, a new accumulator shows it.
   */
  aggregate<ACC, V>(
    aggregate: AggregateFunction<T, ACC, V>,
    accumulatorType?: TypeInformation<ACC>,
    resultType?: TypeInformation<V>,
  ): SingleOutputStreamOperator<V>;
  aggregate<ACC, V, R>(
    aggregate: AggregateFunction<T, ACC, V>,
    windowFunction: ProcessWindowFunction<V, R, K, W>,
    accumulatorType?: TypeInformation<ACC>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  aggregate<ACC, V, R>(
    aggregate: AggregateFunction<T, ACC, V>,
    windowFunction: WindowFunctionLike<V, R, K, W>,
    accumulatorType?: TypeInformation<ACC>,
    resultType?: TypeInformation<R>,
  ): SingleOutputStreamOperator<R>;
  aggregate<ACC, V, R>(
    aggregate: AggregateFunction<T, ACC, V>,
    windowFunctionOrType?: ProcessWindowFunction<V, R, K, W> | WindowFunctionLike<V, R, K, W> | TypeInformation<ACC>,
    ...types: readonly (TypeInformation<unknown> | undefined)[]
  ): SingleOutputStreamOperator<V | R> {
    requireFunction(aggregate, "aggregate", "createAccumulator");
    refuseRichFunction(aggregate, "aggregate");
    this.#settings.requireMerge(aggregate);
    const typed = windowFunctionOrType instanceof TypeInformation;
    const windowFunction = typed ? undefined : windowFunctionOrType;
    const [accumulatorType, resultType] = typed ? [windowFunctionOrType, types[0]] : types;
    const then = windowFunction === undefined ? undefined : adapted(windowFunction, "aggregate");
    const result = this.#operator<V | R>([aggregate, windowFunction], () =>
      aggregatingWindowOperator(this.#settings, aggregate, then?.(), accumulatorType),
    );
    return resultType === undefined ? result : result.returns(resultType as TypeInformation<V | R>);
  }

  /** Gets all elements of a window at once, with window, watermark, state and side outputs. All elements are kept until then. */
  process<R>(windowFunction: ProcessWindowFunction<T, R, K, W>): SingleOutputStreamOperator<R> {
    requireFunction(windowFunction, "process", "process");
    return this.#operator([windowFunction], () => this.#list(new IterableProcessWindowFunction(windowFunction)));
  }

  /** Gets all elements of a window at once. `process` can do more. */
  apply<R>(windowFunction: WindowFunctionLike<T, R, K, W>): SingleOutputStreamOperator<R> {
    requireFunction(windowFunction, "apply", "apply");
    return this.#operator([windowFunction], () => this.#list(new IterableApplyWindowFunction(windowFunction)));
  }

  /** Sum of a field per window; the other fields are the first record's. */
  sum(field: FieldOf<T>): SingleOutputStreamOperator<T> {
    checkAggregatedField(internalsOf(this.#input).knownType, field, true);
    return this.reduce(sumAggregator<T>(field as FieldPath));
  }

  /** Minimum of a field per window; the other fields are the first record's. */
  min(field: FieldOf<T>): SingleOutputStreamOperator<T> {
    checkAggregatedField(internalsOf(this.#input).knownType, field, false);
    return this.reduce(minAggregator<T>(field as FieldPath));
  }

  /** Maximum of a field per window; the other fields are the first record's. */
  max(field: FieldOf<T>): SingleOutputStreamOperator<T> {
    checkAggregatedField(internalsOf(this.#input).knownType, field, false);
    return this.reduce(maxAggregator<T>(field as FieldPath));
  }

  /** The record with the smallest field of each window; of equal ones the first (default) or the last. */
  minBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    checkAggregatedField(internalsOf(this.#input).knownType, field, false);
    return this.reduce(minByAggregator<T>(field as FieldPath, first));
  }

  /** The record with the largest field of each window; of equal ones the first (default) or the last. */
  maxBy(field: FieldOf<T>, first = true): SingleOutputStreamOperator<T> {
    checkAggregatedField(internalsOf(this.#input).knownType, field, false);
    return this.reduce(maxByAggregator<T>(field as FieldPath, first));
  }

  #list(windowFunction: InternalWindowFunction<unknown[]>): OneInputStreamOperator {
    return listWindowOperator(this.#settings, windowFunction, internalsOf(this.#input).knownType);
  }

  #operator<R>(functions: readonly unknown[], createOperator: () => OneInputStreamOperator): SingleOutputStreamOperator<R> {
    const operator = transform<R>(this.#input, this.#settings.operatorName, createOperator);
    return operator.setDescription(this.#settings.describe(...functions));
  }
}

/** A factory, since every subtask needs an adapter of its own. */
function adapted<IN, R, K, W>(
  windowFunction: ProcessWindowFunction<IN, R, K, W> | WindowFunctionLike<IN, R, K, W>,
  operation: string,
): () => InternalWindowFunction<unknown[]> {
  if (typeof windowFunction === "object" && windowFunction !== null && "process" in windowFunction) {
    return () => new IterableProcessWindowFunction(windowFunction);
  }
  requireFunction(windowFunction, operation, "apply");
  return () => new IterableApplyWindowFunction(windowFunction as WindowFunctionLike<never, unknown, never, never>);
}
