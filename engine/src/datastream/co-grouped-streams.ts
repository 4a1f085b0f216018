/**
 * `a.coGroup(b).where(…).equalTo(…).window(…).apply(…)`: each key's records of both streams, window by window.
 *
 * Underneath there is one ordinary window operator: the streams are tagged, put into one and keyed by whichever selector belongs to the
 * tag. So everything that holds for windows holds here: triggers count both sides, evictors see both, a session spans both, and a late
 * record of either side fires the window again. (Flink: `CoGroupedStreams`)
 */
import { internalsOf, transform } from "./stream-internals.ts";
import { type CoGroupFunctionLike, type KeySelectorLike, toKeySelector } from "../flow/functions.ts";
import { StreamMap } from "../operators/stream-map.ts";
import type { WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import { CoGroupWindowFunction } from "../operators/windowing/co-group-window-functions.ts";
import type { Evictor } from "../operators/windowing/evictors/evictor.ts";
import type { InternalWindowFunction } from "../operators/windowing/internal-window-function.ts";
import { TaggedUnion } from "../operators/windowing/tagged-union.ts";
import type { Trigger } from "../operators/windowing/triggers/trigger.ts";
import type { Window } from "../operators/windowing/window.ts";
import type { DataStream, SingleOutputStreamOperator } from "./streams.ts";
import { type TimeLike, timeMs } from "../graph/configuration/time-like.ts";
import { requireFunction } from "./user-functions.ts";
import { listWindowOperator } from "./window-operators.ts";
import { WindowSettings } from "./window-settings.ts";

/**
 * Two streams on their way into a coGroup; say `where` and `equalTo` next.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/overview/#window-cogroup)
 */
export class CoGroupedStreams<T1, T2> {
  readonly #first: DataStream<T1>;
  readonly #second: DataStream<T2>;

  /** @internal */
  constructor(first: DataStream<T1>, second: DataStream<T2>) {
    this.#first = first;
    this.#second = second;
  }

  /** The key of the first stream's records. */
  where<K>(keySelector: KeySelectorLike<T1, K>): CoGroupedWhere<T1, T2, K> {
    requireFunction(keySelector, "where", "getKey");
    return new CoGroupedWhere<T1, T2, K>(this.#first, this.#second, toKeySelector(keySelector));
  }
}

/** A coGroup that knows its first key. */
export class CoGroupedWhere<T1, T2, K> {
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
  equalTo(keySelector: KeySelectorLike<T2, K>): CoGroupedEqualTo<T1, T2, K> {
    requireFunction(keySelector, "equalTo", "getKey");
    return new CoGroupedEqualTo<T1, T2, K>({
      first: this.#first,
      second: this.#second,
      keySelector1: this.#keySelector1,
      keySelector2: toKeySelector(keySelector),
    });
  }
}

/** Two streams and their keys. */
export interface CoGroupedInputs<T1, T2, K> {
  readonly first: DataStream<T1>;
  readonly second: DataStream<T2>;
  readonly keySelector1: (value: T1) => K;
  readonly keySelector2: (value: T2) => K;
}

/** A coGroup that knows both keys; say `window` next. */
export class CoGroupedEqualTo<T1, T2, K> {
  readonly #inputs: CoGroupedInputs<T1, T2, K>;

  /** @internal */
  constructor(inputs: CoGroupedInputs<T1, T2, K>) {
    this.#inputs = inputs;
  }

  /** What shares a key and a window is brought together. */
  window<W extends Window>(assigner: WindowAssigner<TaggedUnion<T1, T2>, W>): CoGroupedWithWindow<T1, T2, K, W> {
    requireFunction(assigner, "window", "assignWindows");
    return new CoGroupedWithWindow<T1, T2, K, W>(this.#inputs, { assigner });
  }
}

/** What can be said about the windows of a join or a coGroup. */
export interface CoGroupedWindowing<T1, T2, W extends Window> {
  readonly assigner: WindowAssigner<TaggedUnion<T1, T2>, W>;
  readonly trigger?: Trigger<TaggedUnion<T1, T2>, W>;
  readonly evictor?: Evictor<TaggedUnion<T1, T2>, W>;
  readonly allowedLateness?: TimeLike;
}

/**
 * A coGroup with its windows; end it with `apply`. Each setting gives a new object and leaves this one as it is, as in Flink.
 * (Flink: docs/dev/datastream/operators/joining)
 */
export class CoGroupedWithWindow<T1, T2, K, W extends Window> {
  readonly #inputs: CoGroupedInputs<T1, T2, K>;
  readonly #windowing: CoGroupedWindowing<T1, T2, W>;

  /** @internal */
  constructor(inputs: CoGroupedInputs<T1, T2, K>, windowing: CoGroupedWindowing<T1, T2, W>) {
    this.#inputs = inputs;
    this.#windowing = windowing;
  }

  /** Replaces the assigner's own trigger. It sees the records of both streams. */
  trigger(trigger: Trigger<TaggedUnion<T1, T2>, W>): CoGroupedWithWindow<T1, T2, K, W> {
    requireFunction(trigger, "trigger", "onElement");
    return new CoGroupedWithWindow<T1, T2, K, W>(this.#inputs, { ...this.#windowing, trigger });
  }

  /** Removes records before or after the function runs. It sees the records of both streams, in the order of arrival. */
  evictor(evictor: Evictor<TaggedUnion<T1, T2>, W>): CoGroupedWithWindow<T1, T2, K, W> {
    requireFunction(evictor, "evictor", "evictBefore");
    return new CoGroupedWithWindow<T1, T2, K, W>(this.#inputs, { ...this.#windowing, evictor });
  }

  /** How long a window is kept after the watermark passed its end; each late record in that time fires it again. Default 0. */
  allowedLateness(lateness: TimeLike): CoGroupedWithWindow<T1, T2, K, W> {
    timeMs(lateness, "The allowed lateness");
    return new CoGroupedWithWindow<T1, T2, K, W>(this.#inputs, { ...this.#windowing, allowedLateness: lateness });
  }

  /** Called for each window that fires, also when one of the sides is empty. Results carry the window's last millisecond. */
  apply<R>(coGroupFunction: CoGroupFunctionLike<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(coGroupFunction, "apply", "coGroup");
    const userFunction = typeof coGroupFunction === "function" ? { coGroup: coGroupFunction } : coGroupFunction;
    return coGroupedOperator<T1, T2, K, W, R>(this.#inputs, this.#windowing, () => new CoGroupWindowFunction(userFunction));
  }
}

/** Tags both streams, puts them into one and windows it. The factory makes one window function per subtask. */
export function coGroupedOperator<T1, T2, K, W extends Window, R>(
  inputs: CoGroupedInputs<T1, T2, K>,
  windowing: CoGroupedWindowing<T1, T2, W>,
  createFunction: () => InternalWindowFunction<unknown[]>,
): SingleOutputStreamOperator<R> {
  const { first, second, keySelector1, keySelector2 } = inputs;
  const settings = new WindowSettings<TaggedUnion<T1, T2>, W>(windowing.assigner);
  if (windowing.trigger !== undefined) settings.setTrigger(windowing.trigger);
  if (windowing.evictor !== undefined) settings.setEvictor(windowing.evictor);
  if (windowing.allowedLateness !== undefined) settings.setAllowedLateness(windowing.allowedLateness);
  const tagged = tag<T1, TaggedUnion<T1, T2>>(first, TaggedUnion.one).union(tag<T2, TaggedUnion<T1, T2>>(second, TaggedUnion.two));
  const keyed = tagged.keyBy((union) => (union.input === 1 ? keySelector1(union.value as T1) : keySelector2(union.value as T2)));
  return transform<R>(keyed, settings.operatorName, () => listWindowOperator(settings, createFunction()));
}

/** A map that has its input's parallelism, and so is chained to it, but does not insist on it (Flink: `setParallelism(…, false)`). */
function tag<T, R>(stream: DataStream<T>, tagger: (value: T) => R): SingleOutputStreamOperator<R> {
  const tagged = transform<R>(stream, "Map", () => new StreamMap<T, R>(tagger));
  internalsOf(tagged).origins[0].node.parallelism = internalsOf(stream).origins[0].node.parallelism;
  return tagged;
}
