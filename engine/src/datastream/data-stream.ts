/** A stream of `T`s, and what can be done with it. (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/overview/) */
import { Diagnostic } from "../base/diagnostic.ts";
import { PrintSink } from "../connectors/print-sink.ts";
import type { Sink } from "../flow/connector.ts";
import {
  type FilterFunctionLike,
  type FlatMapFunctionLike,
  KeyedProcessFunction,
  type KeySelectorLike,
  type MapFunctionLike,
  type PartitionerLike,
  type ProcessFunction,
  toKeySelector,
} from "../flow/functions.ts";
import type { KeySelector, OneInputStreamOperator } from "../flow/operator.ts";
import type { Partitioning } from "../graph/stream-graph.ts";
import { ProcessOperator } from "../operators/process-operator.ts";
import { StreamFilter } from "../operators/stream-filter.ts";
import { StreamFlatMap } from "../operators/stream-flat-map.ts";
import { StreamMap } from "../operators/stream-map.ts";
import { TimestampsAndWatermarksOperator } from "../operators/timestamps-and-watermarks-operator.ts";
import type { WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";
import type { WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import type { Window } from "../operators/windowing/window.ts";
import { currentPosition, type GraphBuilder, type StreamOrigin } from "./graph-builder.ts";
import { checkedKeySelector, requireFunction } from "./user-functions.ts";
import type { BroadcastStateDescriptor } from "./broadcast-stream.ts";
import {
  AllWindowedStream,
  BroadcastConnectedStream,
  BroadcastStream,
  ConnectedStreams,
  DataStreamSink,
  KeyedStream,
  SingleOutputStreamOperator,
} from "./streams.ts";

export class DataStream<T> {
  protected readonly builder: GraphBuilder;
  protected readonly origins: readonly StreamOrigin[];
  /** Only carries the element type; never set. */
  declare readonly elementType?: T;

  /** @internal */
  constructor(builder: GraphBuilder, origins: readonly StreamOrigin[]) {
    this.builder = builder;
    this.origins = origins;
  }

  /** One value in, one value out. */
  map<R>(mapper: MapFunctionLike<T, R>): SingleOutputStreamOperator<R> {
    requireFunction(mapper, "map", "map");
    return this.transform("Map", () => new StreamMap<T, R>(mapper));
  }

  /** One value in, any number out. */
  flatMap<R>(flatMapper: FlatMapFunctionLike<T, R>): SingleOutputStreamOperator<R> {
    requireFunction(flatMapper, "flatMap", "flatMap");
    return this.transform("Flat Map", () => new StreamFlatMap<T, R>(flatMapper));
  }

  /** Keeps the values for which the predicate is true; a type guard narrows the stream's type. */
  filter<S extends T>(predicate: (value: T) => value is S): SingleOutputStreamOperator<S>;
  filter(predicate: FilterFunctionLike<T>): SingleOutputStreamOperator<T>;
  filter(predicate: FilterFunctionLike<T>): SingleOutputStreamOperator<T> {
    requireFunction(predicate, "filter", "filter");
    return this.transform("Filter", () => new StreamFilter<T>(predicate));
  }

  /** One value in, any number out, with timestamps, side outputs and, after `keyBy`, state and timers. */
  process<R>(processFunction: ProcessFunction<T, R>): SingleOutputStreamOperator<R> {
    requireFunction(processFunction, "process", "processElement");
    if (processFunction instanceof KeyedProcessFunction) {
      throw new Diagnostic({
        code: "JOB_KEYED_FUNCTION_WITHOUT_KEY",
        message: `${processFunction.constructor.name} is a KeyedProcessFunction, but this stream is not keyed: call keyBy(…) before process(…).`,
        phase: "graph",
        expected: "stream.keyBy((value) => value.userId).process(…)",
        hint: "Keyed state and timers belong to a key.",
        ...this.positionHere(),
      });
    }
    return this.transform("Process", () => new ProcessOperator<T, R>(processFunction));
  }

  /** Same key, same subtask; state and timers after it belong to the key. The selector must be deterministic. */
  keyBy<K>(keySelector: KeySelectorLike<T, K>): KeyedStream<T, K> {
    requireFunction(keySelector, "keyBy", "getKey");
    return new KeyedStream<T, K>(this.builder, this.origins, checkedKeySelector(toKeySelector(keySelector)) as (value: T) => K);
  }

  /** Merges streams of one type; nothing is removed or ordered. */
  union(...streams: readonly DataStream<T>[]): DataStream<T> {
    return new DataStream<T>(this.builder, [...this.origins, ...streams.flatMap((stream) => stream.origins)]);
  }

  /** Brings two streams of different types into one operator that may share state between them. */
  connect<T2>(other: DataStream<T2>): ConnectedStreams<T, T2>;
  /** Gives every subtask the whole broadcast stream beside its part of this one. */
  connect<T2>(other: BroadcastStream<T2>): BroadcastConnectedStream<T, T2>;
  connect<T2>(other: DataStream<T2> | BroadcastStream<T2>): ConnectedStreams<T, T2> | BroadcastConnectedStream<T, T2> {
    return other instanceof BroadcastStream ? new BroadcastConnectedStream<T, T2>(this, other) : new ConnectedStreams<T, T2>(this, other);
  }

  /** Timestamps and watermarks in the middle of a job. At the source (`fromSource`) they are better: there they follow each split. */
  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): SingleOutputStreamOperator<T> {
    return this.transform("Timestamps/Watermarks", () => new TimestampsAndWatermarksOperator<T>(strategy));
  }

  /** Windows over the whole stream, in one subtask. */
  windowAll<W extends Window>(assigner: WindowAssigner<T, W>): AllWindowedStream<T, W> {
    return new AllWindowedStream<T, W>(this, assigner);
  }

  /** Hands records on to the same subtask. Needs equal parallelism. */
  forward(): DataStream<T> {
    return this.repartition({ kind: "forward" });
  }

  /** To all subtasks in turn. */
  rebalance(): DataStream<T> {
    return this.repartition({ kind: "rebalance" });
  }

  /** In turn to a local group of subtasks. */
  rescale(): DataStream<T> {
    return this.repartition({ kind: "rescale" });
  }

  /** To a random subtask. */
  shuffle(): DataStream<T> {
    return this.repartition({ kind: "shuffle" });
  }

  /** Every record to every subtask. With descriptors of map state: a stream for `connect` that fills broadcast state. */
  broadcast(): DataStream<T>;
  broadcast(...descriptors: readonly [BroadcastStateDescriptor, ...BroadcastStateDescriptor[]]): BroadcastStream<T>;
  broadcast(...descriptors: readonly BroadcastStateDescriptor[]): DataStream<T> | BroadcastStream<T> {
    const everywhere = this.repartition({ kind: "broadcast" });
    return descriptors.length === 0 ? everywhere : new BroadcastStream<T>(everywhere, descriptors);
  }

  /** Everything to the first subtask. */
  global(): DataStream<T> {
    return this.repartition({ kind: "global" });
  }

  /** To the subtask that the partitioner names (0 … channels - 1). Annotate its key: `(id: string, channels) => …`. */
  partitionCustom<K>(partitioner: PartitionerLike<K>, keySelector: KeySelectorLike<T, K>): DataStream<T> {
    requireFunction(partitioner, "partitionCustom", "partition");
    requireFunction(keySelector, "partitionCustom", "getKey");
    const partition = typeof partitioner === "function" ? partitioner : (key: K, channels: number) => partitioner.partition(key, channels);
    return this.repartition({
      kind: "custom",
      partition: partition as (key: unknown, channels: number) => number,
      keySelector: toKeySelector(keySelector) as KeySelector,
    });
  }

  /** Ends the stream in a sink. */
  sinkTo(sink: Sink<T>): DataStreamSink<T> {
    if (typeof sink?.createWriter !== "function") {
      throw new Diagnostic({
        code: "JOB_NOT_A_SINK",
        message: "sinkTo needs a sink, such as what KafkaSink.builder()….build() returns.",
        phase: "graph",
        found: typeof sink,
        hint: "Did you forget .build()?",
        ...this.positionHere(),
      });
    }
    const node = this.builder.add({
      name: "Sink",
      body: { kind: "sink", sink: sink as Sink<unknown> },
      inputs: [this.origins],
      keySelectors: [undefined],
    });
    return new DataStreamSink<T>(this.builder, node);
  }

  /** Writes every value to the standard output of its task manager; shown beside the run. */
  print(sinkIdentifier?: string): DataStreamSink<T> {
    return this.sinkTo(new PrintSink<T>(sinkIdentifier)).name("Print to Std. Out");
  }

  /**
   * Adds an operator behind this stream. The factory is called once per subtask.
   * @internal
   */
  transform<R>(
    name: string,
    createOperator: () => OneInputStreamOperator,
    options: { readonly fixedParallelism?: number } = {},
  ): SingleOutputStreamOperator<R> {
    const node = this.builder.add({
      name,
      body: { kind: "oneInput", createOperator },
      inputs: [this.origins],
      keySelectors: [this.stateKeySelector()],
      ...options,
    });
    return new SingleOutputStreamOperator<R>(this.builder, node);
  }

  /**
   * What `ConnectedStreams` needs to join two streams.
   * @internal
   */
  asInput(): { readonly builder: GraphBuilder; readonly origins: readonly StreamOrigin[]; readonly keySelector: KeySelector | undefined } {
    return { builder: this.builder, origins: this.origins, keySelector: this.stateKeySelector() };
  }

  /** On keyed streams every operator may keep state per key (Flink: `KeyedStream.doTransform`). */
  protected stateKeySelector(): KeySelector | undefined {
    return undefined;
  }

  private repartition(partitioning: Partitioning): DataStream<T> {
    return new DataStream<T>(
      this.builder,
      this.origins.map((origin) => ({ ...origin, partitioning })),
    );
  }

  /** Spread into a Diagnostic: the learner's line, if the host can tell. */
  protected positionHere(): { readonly span?: { readonly line: number; readonly column: number } } {
    const span = currentPosition();
    return span === undefined ? {} : { span };
  }
}
