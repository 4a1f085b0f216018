import { Diagnostic } from "../base/diagnostic.ts";
import {
  type CoFlatMapFunction,
  type CoMapFunction,
  type CoProcessFunction,
  KeyedCoProcessFunction,
  type KeySelectorLike,
} from "../flow/functions.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import { CoProcessOperator } from "../operators/co-process-operator.ts";
import { CoStreamFlatMap } from "../operators/co-stream-flat-map.ts";
import { CoStreamMap } from "../operators/co-stream-map.ts";
import { KeyedCoProcessOperator } from "../operators/keyed-co-process-operator.ts";
import { currentPosition } from "./graph-builder.ts";
import { type DataStream, SingleOutputStreamOperator } from "./streams.ts";
import { checkConnectedKeys } from "./type-checks.ts";
import { requireFunction } from "./user-functions.ts";

/**
 * Two streams of different types on their way into one operator. Its watermark is the smaller of the two.
 * (Flink: docs/dev/datastream/operators/overview)
 */
export class ConnectedStreams<T1, T2> {
  private readonly first: DataStream<T1>;
  private readonly second: DataStream<T2>;

  /** @internal */
  constructor(first: DataStream<T1>, second: DataStream<T2>) {
    this.first = first;
    this.second = second;
  }

  /** The stream on which `connect` was called. */
  getFirstInput(): DataStream<T1> {
    return this.first;
  }

  /** The stream that was given to `connect`. */
  getSecondInput(): DataStream<T2> {
    return this.second;
  }

  /** Keys both streams; equal keys of either meet in one subtask and share state. */
  keyBy<K>(keySelector1: KeySelectorLike<T1, K>, keySelector2: KeySelectorLike<T2, K>): ConnectedStreams<T1, T2> {
    return new ConnectedStreams<T1, T2>(this.first.keyBy(keySelector1), this.second.keyBy(keySelector2));
  }

  /** One value out for each value of either stream. */
  map<R>(mapper: CoMapFunction<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(mapper, "map", "map1");
    return this.transform("Co-Map", () => new CoStreamMap<T1, T2, R>(mapper));
  }

  /** Any number of values out for each value of either stream. */
  flatMap<R>(flatMapper: CoFlatMapFunction<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(flatMapper, "flatMap", "flatMap1");
    return this.transform("Co-Flat Map", () => new CoStreamFlatMap<T1, T2, R>(flatMapper));
  }

  /** With timestamps and side outputs; on keyed streams with state and timers shared by both inputs. */
  process<K, R>(processFunction: KeyedCoProcessFunction<K, T1, T2, R>): SingleOutputStreamOperator<R>;
  process<R>(processFunction: CoProcessFunction<T1, T2, R>): SingleOutputStreamOperator<R>;
  process<R>(processFunction: KeyedCoProcessFunction<unknown, T1, T2, R> | CoProcessFunction<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(processFunction, "process", "processElement1");
    if (!(processFunction instanceof KeyedCoProcessFunction)) {
      // On two keyed streams Flink lets a plain CoProcessFunction set timers (LegacyKeyedCoProcessOperator).
      if (this.isKeyed()) return this.transform("Co-Process", () => new KeyedCoProcessOperator<unknown, T1, T2, R>(processFunction));
      return this.transform("Co-Process", () => new CoProcessOperator<T1, T2, R>(processFunction));
    }
    if (!this.isKeyed()) {
      const span = currentPosition();
      throw new Diagnostic({
        code: "JOB_KEYED_FUNCTION_WITHOUT_KEY",
        message: `KeyedCoProcessFunction can only be used when both input streams are of type KeyedStream: ${processFunction.constructor.name} needs keyBy(…) on both.`,
        phase: "graph",
        expected: "a.connect(b).keyBy((value) => value.id, (value) => value.id).process(…)",
        ...(span === undefined ? {} : { span }),
      });
    }
    return this.transform("Co-Keyed-Process", () => new KeyedCoProcessOperator<unknown, T1, T2, R>(processFunction));
  }

  private isKeyed(): boolean {
    return this.first.asInput().keySelector !== undefined && this.second.asInput().keySelector !== undefined;
  }

  /**
   * Adds a two-input operator behind both streams. The factory is called once per subtask.
   * @internal
   */
  transform<R>(name: string, createOperator: () => TwoInputStreamOperator): SingleOutputStreamOperator<R> {
    const [first, second] = [this.first.asInput(), this.second.asInput()];
    checkConnectedKeys(first.keyType, second.keyType);
    const node = first.builder.add({
      name,
      body: { kind: "twoInput", createOperator },
      inputs: [first.origins, second.origins],
      // One keyed input is enough for keyed state; records of the other find the key of the last keyed record (or timer), as in Flink.
      keySelectors: [first.keySelector, second.keySelector],
      keyTypes: [first.keyType, second.keyType],
    });
    return new SingleOutputStreamOperator<R>(first.builder, node);
  }
}
