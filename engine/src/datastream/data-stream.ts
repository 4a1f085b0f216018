/** A stream of `T`s, and what can be done with it. (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/overview/) */
import { internalsOf, ofType, registerStream, transform } from "./stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { PrintSink } from "../connectors/print-sink.ts";
import { SinkAsFunction } from "../connectors/sink-as-function.ts";
import type { Sink } from "../flow/connector.ts";
import {
  type FilterFunctionLike,
  type FlatMapFunctionLike,
  KeyedProcessFunction,
  type KeySelectorLike,
  type MapFunctionLike,
  type PartitionerLike,
  type TypeOfResultMissing,
  type ProcessFunction,
  type SinkFunctionLike,
  toKeySelector,
  type TwoPhaseCommitSinkFunction,
} from "../flow/functions.ts";
import type { KeySelector } from "../flow/operator.ts";
import type { Partitioning } from "../graph/stream-graph.ts";
import { ProcessOperator } from "../operators/process-operator.ts";
import { StreamFilter } from "../operators/stream-filter.ts";
import { StreamFlatMap } from "../operators/stream-flat-map.ts";
import { StreamMap } from "../operators/stream-map.ts";
import { StreamSink } from "../operators/stream-sink.ts";
import { TimestampsAndWatermarksOperator } from "../operators/timestamps-and-watermarks-operator.ts";
import { type CustomWatermarkStrategy, WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";
import type { WindowAssigner } from "../operators/windowing/assigners/window-assigner.ts";
import { GlobalWindows } from "../operators/windowing/assigners/global-windows.ts";
import { CountEvictor } from "../operators/windowing/evictors/count-evictor.ts";
import { CountTrigger } from "../operators/windowing/triggers/count-trigger.ts";
import { PurgingTrigger } from "../operators/windowing/triggers/purging-trigger.ts";
import type { GlobalWindow, Window } from "../operators/windowing/window.ts";
import { wholeNumber } from "../graph/configuration/whole-number.ts";
import { currentPosition, positionOfNext, type GraphBuilder, type StreamOrigin } from "./graph-builder.ts";
import { NonKeyedPartitionWindowedStream, type PartitionWindowedStream } from "./partition-windowed-stream.ts";
import { checkPositions, projected, type ProjectionOf } from "./projection.ts";
import { checkKeyType, checkUnion } from "./type-checks.ts";
import type { TypeInformation } from "./type-information.ts";
import { expandSink, hasTopologies, refuseTopologiesWithoutCommitter } from "./sink-topologies.ts";
import { checkedKeySelector, refuseFieldAsKey, requireFunction, requireStream, requireWatermarkStrategy } from "./user-functions.ts";
import type { BroadcastStateDescriptor } from "./broadcast-stream.ts";
import {
  AllWindowedStream,
  BroadcastConnectedStream,
  BroadcastStream,
  CoGroupedStreams,
  ConnectedStreams,
  DataStreamSink,
  JoinedStreams,
  KeyedStream,
  type SingleOutputStreamOperator,
} from "./streams.ts";

const NO_KEY = { keySelector: undefined, keyType: undefined };

/**
 * A stream of `T`s, and what can be done with it; nothing happens before `env.execute()`. (Flink: docs/dev/datastream/operators/overview)
 */
export class DataStream<T> {
  /** Only carries the element type; never set. */
  declare readonly elementType?: T;

  /** @internal @param key on keyed streams, for operators that keep state per key. */
  constructor(
    builder: GraphBuilder,
    origins: readonly StreamOrigin[],
    key: { readonly keySelector: KeySelector; readonly keyType: TypeInformation<unknown> | undefined } | null = null,
  ) {
    const { keySelector, keyType } = key ?? NO_KEY;
    registerStream(this, { builder, origins, keySelector, keyType, knownType: undefined });
  }

  /** One value in, one value out. `outputType` says of what type, as `returns(…)` does. */
  map<R>(mapper: MapFunctionLike<T, R>, outputType?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    requireFunction(mapper, "map", "map");
    return ofType(
      transform<R>(this, "Map", () => new StreamMap<T, R>(mapper)),
      outputType,
    );
  }

  /** One value in, any number out. `outputType` says of what type, as `returns(…)` does. */
  flatMap<R = TypeOfResultMissing>(flatMapper: FlatMapFunctionLike<T, R>, outputType?: TypeInformation<R>): SingleOutputStreamOperator<R> {
    requireFunction(flatMapper, "flatMap", "flatMap");
    return ofType(
      transform<R>(this, "Flat Map", () => new StreamFlatMap<T, R>(flatMapper)),
      outputType,
    );
  }

  /** Keeps the values for which the predicate is true; a type guard narrows the stream's type. */
  filter<S extends T>(predicate: (value: T) => value is S): SingleOutputStreamOperator<S>;
  filter(predicate: FilterFunctionLike<T>): SingleOutputStreamOperator<T>;
  filter(predicate: FilterFunctionLike<T>): SingleOutputStreamOperator<T> {
    requireFunction(predicate, "filter", "filter");
    return ofType(
      transform<T>(this, "Filter", () => new StreamFilter<T>(predicate)),
      internalsOf(this).knownType,
    );
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
        ...positionHere(),
      });
    }
    return transform(this, "Process", () => new ProcessOperator<T, R>(processFunction));
  }

  /**
   * Same key, same subtask; state and timers after it belong to the key. The selector must be deterministic. `keyType` is needed as little
   * as anywhere else; where it is given it is checked (Diagnostic JOB_KEY_TYPE).
   */
  keyBy<K>(keySelector: KeySelectorLike<T, K>, keyType?: TypeInformation<K>): KeyedStream<T, K> {
    refuseFieldAsKey(keySelector);
    requireFunction(keySelector, "keyBy", "getKey");
    checkKeyType(keyType);
    const select = checkedKeySelector(toKeySelector(keySelector)) as (value: T) => K;
    return ofType(
      new KeyedStream<T, K>(internalsOf(this).builder, internalsOf(this).origins, select, keyType),
      internalsOf(this).knownType,
    );
  }

  /** Merges streams of one type; nothing is removed or ordered. */
  union(...streams: readonly DataStream<T>[]): DataStream<T> {
    for (const stream of streams) requireStream(stream, "union");
    for (const stream of streams) checkUnion(internalsOf(this).knownType, internalsOf(stream).knownType);
    return ofType(
      new DataStream<T>(internalsOf(this).builder, [
        ...internalsOf(this).origins,
        ...streams.flatMap((stream) => internalsOf(stream).origins),
      ]),
      internalsOf(this).knownType,
    );
  }

  /** Brings two streams of different types into one operator that may share state between them. */
  connect<T2>(other: DataStream<T2>): ConnectedStreams<T, T2>;
  /** Gives every subtask the whole broadcast stream beside its part of this one. */
  connect<T2>(other: BroadcastStream<T2>): BroadcastConnectedStream<T, T2>;
  connect<T2>(other: DataStream<T2> | BroadcastStream<T2>): ConnectedStreams<T, T2> | BroadcastConnectedStream<T, T2> {
    if (!(other instanceof BroadcastStream)) requireStream(other, "connect");
    return other instanceof BroadcastStream ? new BroadcastConnectedStream<T, T2>(this, other) : new ConnectedStreams<T, T2>(this, other);
  }

  /** Pairs records of this stream (the first, or left one) and another that share a key and a window. */
  join<T2>(other: DataStream<T2>): JoinedStreams<T, T2> {
    requireStream(other, "join");
    return new JoinedStreams<T, T2>(this, other);
  }

  /** Brings both streams' records of a key and a window into one call, also when one side has none. */
  coGroup<T2>(other: DataStream<T2>): CoGroupedStreams<T, T2> {
    requireStream(other, "coGroup");
    return new CoGroupedStreams<T, T2>(this, other);
  }

  /** Timestamps and watermarks in the middle of a job. At the source (`fromSource`) they are better: there they follow each split. */
  assignTimestampsAndWatermarks(watermarks: WatermarkStrategy<T> | CustomWatermarkStrategy<T>): SingleOutputStreamOperator<T> {
    requireWatermarkStrategy(watermarks, "assignTimestampsAndWatermarks");
    const strategy = WatermarkStrategy.from(watermarks);
    // As parallel as the input, so that it watches over one subtask's records each (as in Flink).
    const assigned = transform<T>(this, "Timestamps/Watermarks", () => new TimestampsAndWatermarksOperator<T>(strategy), {
      watermarks: strategy,
    });
    internalsOf(this).builder.followParallelism(internalsOf(assigned).origins[0].node, this.getParallelism());
    return ofType(assigned, internalsOf(this).knownType);
  }

  /** Windows over the whole stream, in one subtask. */
  windowAll<W extends Window>(assigner: WindowAssigner<T, W>): AllWindowedStream<T, W> {
    return new AllWindowedStream<T, W>(this, assigner);
  }

  /**
   * Windows of `size` values over the whole stream, in one subtask; with `slide`, a window of the last `size` values after every `slide`.
   */
  countWindowAll(size: number, slide?: number): AllWindowedStream<T, GlobalWindow> {
    wholeNumber(size, "The size of a count window", 1);
    const windows = this.windowAll(GlobalWindows.create());
    if (slide === undefined) return windows.trigger(PurgingTrigger.of(CountTrigger.of(size)));
    wholeNumber(slide, "The slide of a count window", 1);
    return windows.evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide));
  }

  /** Everything that a subtask gets until the input ends, as one piece, to be sorted, mapped or folded. For bounded streams. */
  fullWindowPartition(): PartitionWindowedStream<T> {
    return new NonKeyedPartitionWindowedStream<T>(this);
  }

  /**
   * Tuples of the fields at these positions, in this order: `stream.project(1, 0)`.
   *
   * @throws Diagnostic JOB_PROJECTION without positions; while the job runs, for what is no tuple or too short a one.
   */
  project<const P extends readonly number[]>(...positions: P): SingleOutputStreamOperator<ProjectionOf<T, P>> {
    checkPositions(positions);
    return transform(this, "Projection", () => new StreamMap<T, unknown>((value) => projected(value, positions)));
  }

  /** Number of subtasks that make this stream; for a union its first stream's. */
  getParallelism(): number {
    return internalsOf(this).origins[0].node.parallelism ?? internalsOf(this).builder.config.parallelism;
  }

  /** Id of the operator that makes this stream, counted from 1 in the order of the program. */
  getId(): number {
    return internalsOf(this).origins[0].node.id;
  }

  /** Hands records on to the same subtask. Needs equal parallelism. */
  forward(): DataStream<T> {
    return this.#repartition({ kind: "forward" });
  }

  /** To all subtasks in turn. */
  rebalance(): DataStream<T> {
    return this.#repartition({ kind: "rebalance" });
  }

  /** In turn to a local group of subtasks. */
  rescale(): DataStream<T> {
    return this.#repartition({ kind: "rescale" });
  }

  /** To a random subtask. */
  shuffle(): DataStream<T> {
    return this.#repartition({ kind: "shuffle" });
  }

  /** Every record to every subtask. With descriptors of map state: a stream for `connect` that fills broadcast state. */
  broadcast(): DataStream<T>;
  broadcast(...descriptors: readonly [BroadcastStateDescriptor, ...BroadcastStateDescriptor[]]): BroadcastStream<T>;
  broadcast(...descriptors: readonly BroadcastStateDescriptor[]): DataStream<T> | BroadcastStream<T> {
    const everywhere = this.#repartition({ kind: "broadcast" });
    return descriptors.length === 0 ? everywhere : new BroadcastStream<T>(everywhere, descriptors);
  }

  /** Everything to the first subtask. */
  global(): DataStream<T> {
    return this.#repartition({ kind: "global" });
  }

  /** To the subtask that the partitioner names (0 … channels - 1). Annotate its key: `(id: string, channels) => …`. */
  partitionCustom<K>(partitioner: PartitionerLike<K>, keySelector: KeySelectorLike<T, K>): DataStream<T> {
    requireFunction(partitioner, "partitionCustom", "partition");
    requireFunction(keySelector, "partitionCustom", "getKey");
    const partition = typeof partitioner === "function" ? partitioner : (key: K, channels: number) => partitioner.partition(key, channels);
    return this.#repartition({
      kind: "custom",
      partition: partition as (key: unknown, channels: number) => number,
      keySelector: toKeySelector(keySelector) as KeySelector,
      position: positionOfNext(),
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
        ...positionHere(),
      });
    }
    refuseTopologiesWithoutCommitter(sink);
    const node = internalsOf(this).builder.add({
      name: "Sink",
      body: { kind: "sink", sink: sink as Sink<unknown> },
      inputs: [internalsOf(this).origins],
      keySelectors: [undefined],
    });
    if (hasTopologies(sink)) internalsOf(this).builder.expandWhenBuilt(node, () => expandSink(internalsOf(this).builder, this, sink, node));
    return new DataStreamSink<T>(internalsOf(this).builder, node);
  }

  /** Ends the stream in a sink of the older kind, such as a `TwoPhaseCommitSinkFunction`. New ones are given to `sinkTo`. */
  addSink(sinkFunction: SinkFunctionLike<T> | TwoPhaseCommitSinkFunction<T, unknown, unknown> | SinkAsFunction<T>): DataStreamSink<T> {
    if (sinkFunction instanceof SinkAsFunction) return this.sinkTo(sinkFunction.sink);
    requireFunction(sinkFunction, "addSink", "invoke");
    const userFunction = typeof sinkFunction === "function" ? { invoke: sinkFunction } : sinkFunction;
    const node = internalsOf(this).builder.add({
      name: "Unnamed",
      body: { kind: "oneInput", createOperator: () => new StreamSink<T>(userFunction), endsStream: true },
      inputs: [internalsOf(this).origins],
      keySelectors: [internalsOf(this).keySelector],
      keyTypes: [internalsOf(this).keyType],
    });
    return new DataStreamSink<T>(internalsOf(this).builder, node);
  }

  /**
   * Writes every value to the standard output of its task manager, in front of it the identifier and, at parallelism above 1, the number of
   * the subtask counted from 1: `late:2> value`. Shown beside the run.
   */
  print(sinkIdentifier?: string): DataStreamSink<T> {
    return this.#printTo("Print to Std. Out", sinkIdentifier);
  }

  /** As `print`, to the standard error. Here both are shown in one place. */
  printToErr(sinkIdentifier?: string): DataStreamSink<T> {
    return this.#printTo("Print to Std. Err", sinkIdentifier);
  }

  #printTo(name: string, sinkIdentifier: string | undefined): DataStreamSink<T> {
    const node = internalsOf(this).builder.add({
      name,
      body: { kind: "sink", sink: new PrintSink<unknown>(sinkIdentifier), plain: true },
      inputs: [internalsOf(this).origins],
      keySelectors: [undefined],
    });
    return new DataStreamSink<T>(internalsOf(this).builder, node);
  }

  /** @throws Diagnostic JOB_KEYED_PARTITIONING on a keyed stream, which is partitioned already. */
  #repartition(partitioning: Partitioning): DataStream<T> {
    if (internalsOf(this).keySelector !== undefined) {
      throw new Diagnostic({
        code: "JOB_KEYED_PARTITIONING",
        phase: "graph",
        message: "Cannot override partitioning for KeyedStream.",
        found: `${partitioning.kind} behind keyBy`,
        expected: "an operator behind keyBy, such as map, process or window",
        hint: "keyBy decides where each record goes. Repartition before it, or after the next operator.",
      });
    }
    return ofType(
      new DataStream<T>(
        internalsOf(this).builder,
        internalsOf(this).origins.map((origin) => ({ ...origin, partitioning })),
      ),
      internalsOf(this).knownType,
    );
  }
}

/** Spread into a Diagnostic: the learner\'s line, if the host can tell. */
function positionHere(): { readonly span?: { readonly line: number; readonly column: number } } {
  const span = currentPosition();
  return span === undefined ? {} : { span };
}
