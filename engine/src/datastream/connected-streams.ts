import { internalsOf, transformBoth } from "./stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import {
  type CoFlatMapFunction,
  type CoMapFunction,
  type CoProcessFunction,
  KeyedCoProcessFunction,
  type KeySelectorLike,
} from "../flow/functions.ts";
import { CoProcessOperator } from "../operators/co-process-operator.ts";
import { CoStreamFlatMap } from "../operators/co-stream-flat-map.ts";
import { CoStreamMap } from "../operators/co-stream-map.ts";
import { KeyedCoProcessOperator } from "../operators/keyed-co-process-operator.ts";
import { currentPosition } from "./graph-builder.ts";
import type { DataStream, SingleOutputStreamOperator } from "./streams.ts";
import { requireFunction } from "./user-functions.ts";

/**
 * Two streams of different types on their way into one operator. Its watermark is the smaller of the two.
 * (Flink: docs/dev/datastream/operators/overview)
 */
export class ConnectedStreams<T1, T2> {
  readonly #first: DataStream<T1>;
  readonly #second: DataStream<T2>;

  /** @internal */
  constructor(first: DataStream<T1>, second: DataStream<T2>) {
    this.#first = first;
    this.#second = second;
  }

  /** The stream on which `connect` was called. */
  getFirstInput(): DataStream<T1> {
    return this.#first;
  }

  /** The stream that was given to `connect`. */
  getSecondInput(): DataStream<T2> {
    return this.#second;
  }

  /** Keys both streams; equal keys of either meet in one subtask and share state. */
  keyBy<K>(keySelector1: KeySelectorLike<T1, K>, keySelector2: KeySelectorLike<T2, K>): ConnectedStreams<T1, T2> {
    return new ConnectedStreams<T1, T2>(this.#first.keyBy(keySelector1), this.#second.keyBy(keySelector2));
  }

  /** One value out for each value of either stream. */
  map<R>(mapper: CoMapFunction<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(mapper, "map", "map1");
    return transformBoth(this.#first, this.#second, "Co-Map", () => new CoStreamMap<T1, T2, R>(mapper));
  }

  /** Any number of values out for each value of either stream. */
  flatMap<R>(flatMapper: CoFlatMapFunction<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(flatMapper, "flatMap", "flatMap1");
    return transformBoth(this.#first, this.#second, "Co-Flat Map", () => new CoStreamFlatMap<T1, T2, R>(flatMapper));
  }

  /** With timestamps and side outputs; on keyed streams with state and timers shared by both inputs. */
  process<K, R>(processFunction: KeyedCoProcessFunction<K, T1, T2, R>): SingleOutputStreamOperator<R>;
  process<R>(processFunction: CoProcessFunction<T1, T2, R>): SingleOutputStreamOperator<R>;
  process<R>(processFunction: KeyedCoProcessFunction<unknown, T1, T2, R> | CoProcessFunction<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(processFunction, "process", "processElement1");
    if (!(processFunction instanceof KeyedCoProcessFunction)) {
      // On two keyed streams Flink lets a plain CoProcessFunction set timers (LegacyKeyedCoProcessOperator).
      if (this.#isKeyed())
        return transformBoth(
          this.#first,
          this.#second,
          "Co-Process",
          () => new KeyedCoProcessOperator<unknown, T1, T2, R>(processFunction),
        );
      return transformBoth(this.#first, this.#second, "Co-Process", () => new CoProcessOperator<T1, T2, R>(processFunction));
    }
    if (!this.#isKeyed()) {
      const span = currentPosition();
      throw new Diagnostic({
        code: "JOB_KEYED_FUNCTION_WITHOUT_KEY",
        message: `KeyedCoProcessFunction can only be used when both input streams are of type KeyedStream: ${processFunction.constructor.name} needs keyBy(…) on both.`,
        phase: "graph",
        expected: "a.connect(b).keyBy((value) => value.id, (value) => value.id).process(…)",
        ...(span === undefined ? {} : { span }),
      });
    }
    return transformBoth(
      this.#first,
      this.#second,
      "Co-Keyed-Process",
      () => new KeyedCoProcessOperator<unknown, T1, T2, R>(processFunction),
    );
  }

  #isKeyed(): boolean {
    return internalsOf(this.#first).keySelector !== undefined && internalsOf(this.#second).keySelector !== undefined;
  }
}
