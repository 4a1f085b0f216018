/**
 * `a.join(b).where(…).equalTo(…).window(…).apply(…)`: all pairs of records of two streams that share a key and a window. A join is a
 * coGroup that goes through the pairs; a side without partner gives nothing (an inner join). (Flink: `JoinedStreams`)
 */
import {
  type Collector,
  type FlatJoinFunction,
  type FlatJoinFunctionLike,
  type JoinFunction,
  type JoinFunctionLike,
  type KeySelectorLike,
  RichFlatJoinFunction,
  toKeySelector,
} from "../flow/functions.ts";
import type { WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import { FlatJoinWindowFunction, JoinWindowFunction } from "../operators/windowing/co-group-window-functions.ts";
import type { Evictor } from "../operators/windowing/evictors/evictor.ts";
import type { TaggedUnion } from "../operators/windowing/tagged-union.ts";
import type { Trigger } from "../operators/windowing/triggers/trigger.ts";
import type { Window } from "../operators/windowing/window.ts";
import { type CoGroupedInputs, type CoGroupedWindowing, coGroupedOperator } from "./co-grouped-streams.ts";
import type { DataStream, SingleOutputStreamOperator } from "./streams.ts";
import { type TimeLike, timeMs } from "../graph/configuration/time-like.ts";
import { requireFunction } from "./user-functions.ts";

/**
 * Two streams on their way into a window join; say `where` and `equalTo` next.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/joining/#window-join)
 */
export class JoinedStreams<T1, T2> {
  readonly #first: DataStream<T1>;
  readonly #second: DataStream<T2>;

  /** @internal */
  constructor(first: DataStream<T1>, second: DataStream<T2>) {
    this.#first = first;
    this.#second = second;
  }

  /** The key of the first stream's records. */
  where<K>(keySelector: KeySelectorLike<T1, K>): JoinedWhere<T1, T2, K> {
    requireFunction(keySelector, "where", "getKey");
    return new JoinedWhere<T1, T2, K>(this.#first, this.#second, toKeySelector(keySelector));
  }
}

/** A join that knows its first key. */
export class JoinedWhere<T1, T2, K> {
  readonly #first: DataStream<T1>;
  readonly #second: DataStream<T2>;
  readonly #keySelector1: (value: T1) => K;

  /** @internal */
  constructor(first: DataStream<T1>, second: DataStream<T2>, keySelector1: (value: T1) => K) {
    this.#first = first;
    this.#second = second;
    this.#keySelector1 = keySelector1;
  }

  /** The key of the second stream's records; of the same type as the first's. */
  equalTo(keySelector: KeySelectorLike<T2, K>): JoinedEqualTo<T1, T2, K> {
    requireFunction(keySelector, "equalTo", "getKey");
    return new JoinedEqualTo<T1, T2, K>({
      first: this.#first,
      second: this.#second,
      keySelector1: this.#keySelector1,
      keySelector2: toKeySelector(keySelector),
    });
  }
}

/** A join that knows both keys; say `window` next. */
export class JoinedEqualTo<T1, T2, K> {
  readonly #inputs: CoGroupedInputs<T1, T2, K>;

  /** @internal */
  constructor(inputs: CoGroupedInputs<T1, T2, K>) {
    this.#inputs = inputs;
  }

  /** What shares a key and a window is paired; with sliding windows a pair appears once per window that both are in. */
  window<W extends Window>(assigner: WindowAssigner<TaggedUnion<T1, T2>, W>): JoinedWithWindow<T1, T2, K, W> {
    requireFunction(assigner, "window", "assignWindows");
    return new JoinedWithWindow<T1, T2, K, W>(this.#inputs, { assigner });
  }
}

/**
 * A join with its windows; end it with `apply`. Each setting gives a new object and leaves this one as it is, as in Flink.
 * (Flink: docs/dev/datastream/operators/joining)
 */
export class JoinedWithWindow<T1, T2, K, W extends Window> {
  readonly #inputs: CoGroupedInputs<T1, T2, K>;
  readonly #windowing: CoGroupedWindowing<T1, T2, W>;

  /** @internal */
  constructor(inputs: CoGroupedInputs<T1, T2, K>, windowing: CoGroupedWindowing<T1, T2, W>) {
    this.#inputs = inputs;
    this.#windowing = windowing;
  }

  /** Replaces the assigner's own trigger. It sees the records of both streams. */
  trigger(trigger: Trigger<TaggedUnion<T1, T2>, W>): JoinedWithWindow<T1, T2, K, W> {
    requireFunction(trigger, "trigger", "onElement");
    return new JoinedWithWindow<T1, T2, K, W>(this.#inputs, { ...this.#windowing, trigger });
  }

  /** Removes records before or after the pairs are made. It sees the records of both streams, in the order of arrival. */
  evictor(evictor: Evictor<TaggedUnion<T1, T2>, W>): JoinedWithWindow<T1, T2, K, W> {
    requireFunction(evictor, "evictor", "evictBefore");
    return new JoinedWithWindow<T1, T2, K, W>(this.#inputs, { ...this.#windowing, evictor });
  }

  /**
   * How long a window is kept after the watermark passed its end; each late record in that time gives *all* pairs of the window again.
   * Default 0.
   */
  allowedLateness(lateness: TimeLike): JoinedWithWindow<T1, T2, K, W> {
    timeMs(lateness, "The allowed lateness");
    return new JoinedWithWindow<T1, T2, K, W>(this.#inputs, { ...this.#windowing, allowedLateness: lateness });
  }

  /**
   * Called for each pair, the first stream's records in the outer loop. Results carry the window's last millisecond.
   *
   * A function (or method) with a third parameter is a `FlatJoinFunction` and collects any number of results; annotate the collector:
   * `(order, payment, out: Collector<string>) => …`.
   */
  // The first form is there so that TypeScript knows the parameters of a function with three of them before it looks at the second.
  apply<R>(joinFunction: (first: T1, second: T2, out: Collector<R>) => undefined): SingleOutputStreamOperator<R>;
  apply<R>(joinFunction: JoinFunctionLike<T1, T2, R>): SingleOutputStreamOperator<R>;
  apply<R>(joinFunction: FlatJoinFunctionLike<T1, T2, R>): SingleOutputStreamOperator<R>;
  apply<R>(joinFunction: JoinFunctionLike<T1, T2, R> | FlatJoinFunctionLike<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(joinFunction, "apply", "join");
    const userFunction = typeof joinFunction === "function" ? { join: joinFunction } : joinFunction;
    return coGroupedOperator<T1, T2, K, W, R>(this.#inputs, this.#windowing, () =>
      isFlat(userFunction)
        ? new FlatJoinWindowFunction(userFunction as FlatJoinFunction<unknown, unknown, unknown>)
        : new JoinWindowFunction(userFunction as JoinFunction<unknown, unknown, unknown>),
    );
  }
}

/** Java tells the two apart by type; here it is by the number of parameters. */
function isFlat(joinFunction: { join: (first: never, second: never, out: Collector<never>) => unknown }): boolean {
  return joinFunction instanceof RichFlatJoinFunction || joinFunction.join.length >= 3;
}
