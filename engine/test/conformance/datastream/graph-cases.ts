/** Recorded job graphs, from the same programs in the fluent API, and partitioners. */
import { Diagnostic } from "../../../src/base/diagnostic.ts";
import type { Partitioning } from "../../../src/graph/stream-graph.ts";
import {
  type DataStream,
  DataStreamUtils,
  DiscardingSink,
  Duration,
  datastreamProgram,
  NumberSequenceSource,
  OutputTag,
  ProcessFunction,
  type Sink,
  SingleOutputStreamOperator,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../../src/index.ts";
import { patternOf } from "../../../src/graph/job-graph-builder.ts";
import { channelStateTraits } from "../../../src/runtime/checkpoint/channel-state-mapping.ts";
import { channelSelectorOf } from "../../../src/runtime/channel-selector.ts";
import { type JobGraphSummary, jobGraphOf } from "../../../src/sim.ts";
import type { DataStreamCase, Json, JsonObject } from "./case-format.ts";
import { keyText } from "./recorder-values.ts";

interface Op {
  readonly id: string;
  readonly op: string;
  readonly in?: readonly string[];
  readonly partition?: string;
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  readonly slotSharingGroup?: string;
  readonly disableChaining?: boolean;
  readonly startNewChain?: boolean;
}

/** Complaints that say more than Flink's, by code. */
const IN_OUR_WORDS: ReadonlyMap<string, RegExp> = new Map([
  ["JOB_NON_PARALLEL_OPERATOR", /parallelism of non parallel operator must be 1/],
]);

/** Also told when the program ends without a sink: such a job can be described, though not executed here. */
export function runJobGraph(testCase: DataStreamCase): string | null {
  const expected = testCase.expect as unknown as JsonObject;
  let graph: JobGraphSummary;
  try {
    graph = describeJob(testCase);
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    const wanted = (expected["buildError"] as JsonObject | undefined)?.["error"];
    const found = error.data.message;
    const same = String(wanted).endsWith(found) || IN_OUR_WORDS.get(error.data.code)?.test(String(wanted)) === true;
    return same ? null : `expected ${JSON.stringify(wanted ?? "a graph")}, got ${error.data.code}: ${found}`;
  }
  if ("buildError" in expected) return `expected ${JSON.stringify(expected["buildError"])}, got a graph`;
  const actual = shapeOf(graph);
  return (
    firstDifference(actual.vertices, expected["vertices"] as Json[]) ??
    firstDifference(actual.edges, expected["edges"] as Json[]) ??
    firstDifference([actual.maximumParallelism], [expected["maximumParallelism"]])
  );
}

function describeJob({ id, pipeline }: DataStreamCase): JobGraphSummary {
  return jobGraphOf(
    datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.setParallelism((pipeline["parallelism"] as number | undefined) ?? 2);
      if (pipeline["maxParallelism"] !== undefined) env.setMaxParallelism(pipeline["maxParallelism"] as number);
      if (pipeline["disableOperatorChaining"] === true) env.disableOperatorChaining();
      if (pipeline["mode"] === "batch") env.setRuntimeMode("BATCH");
      const streams = new Map<string, DataStream<string>>();
      const ops = pipeline["ops"] as unknown as readonly Op[];
      for (const op of ops) {
        const inputs = (op.in ?? []).map((name) => partitioned(streams.get(name) as DataStream<string>, op.partition));
        const stream = added(env, op, inputs);
        if (stream !== undefined) streams.set(op.id, stream);
      }
      // The recorded job was only described; ours wants a sink before it is executed.
      if (!ops.some(({ op }) => op.endsWith("ink"))) addMissingSink(streams, ops);
      env.execute(id);
    }),
  );
}

const MISSING_SINK = "missing";

function addMissingSink(streams: ReadonlyMap<string, DataStream<string>>, ops: readonly Op[]): void {
  const last = streams.get(ops[ops.length - 1].id);
  last?.rebalance().sinkTo(new DiscardingSink<string>()).name(MISSING_SINK);
}

/** As the cases write graphs: sorted by text; slot sharing groups are numbered in the order of the sorted vertices. */
function shapeOf(graph: JobGraphSummary): { vertices: Json[]; edges: Json[]; maximumParallelism: number } {
  const shown = graph.vertices.filter(({ name }) => name !== `${MISSING_SINK}: Writer`);
  const nameOf = (id: number) => shown.find((vertex) => vertex.id === id)?.name ?? "";
  const groups = new Map<string, string>();
  const vertices = shown
    .toSorted((a, b) => compareText(a.name, b.name))
    .map(({ name, parallelism, operators, slotSharingGroup }) => {
      const slotSharing = groups.get(slotSharingGroup) ?? `g${groups.size}`;
      groups.set(slotSharingGroup, slotSharing);
      return { name, parallelism, operators: operators.length, slotSharing };
    });
  const edges = graph.edges
    .filter(({ target }) => nameOf(target) !== "")
    .map(({ source, target, ship, pattern, exchange }) => {
      return { from: nameOf(source), to: nameOf(target), ship, pattern, resultType: exchange };
    })
    .toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
  return { vertices, edges, maximumParallelism: Math.max(...shown.map(({ parallelism }) => parallelism)) };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

class Identity extends ProcessFunction<string, string> {
  processElement() {}
}

/** Only looked at: a sink with a committer. */
const COMMITTING_SINK = {
  createWriter: () => ({ write() {}, flush() {}, close() {} }),
  createCommitter: () => ({ commit() {}, close() {} }),
} as unknown as Sink<string>;

function partitioned(stream: DataStream<string>, kind: string | undefined): DataStream<string> {
  switch (kind) {
    case undefined:
      return stream;
    case "rebalance":
    case "rescale":
    case "shuffle":
    case "broadcast":
    case "forward":
    case "global":
      return stream[kind]();
    case "custom":
      return stream.partitionCustom(
        (key: string, channels) => key.length % channels,
        (value) => value,
      );
    case "keyBy":
      return stream.keyBy((value) => value);
    default:
      throw new Error(`unknown partitioner ${kind}`);
  }
}

function configured(stream: SingleOutputStreamOperator<string>, op: Op): SingleOutputStreamOperator<string> {
  stream.name(op.id);
  if (op.parallelism !== undefined) stream.setParallelism(op.parallelism);
  if (op.maxParallelism !== undefined) stream.setMaxParallelism(op.maxParallelism);
  if (op.disableChaining) stream.disableChaining();
  if (op.startNewChain) stream.startNewChain();
  if (op.slotSharingGroup !== undefined) stream.slotSharingGroup(op.slotSharingGroup);
  return stream;
}

function added(env: StreamExecutionEnvironment, op: Op, inputs: readonly DataStream<string>[]): DataStream<string> | undefined {
  const [first, second] = inputs;
  switch (op.op) {
    case "source":
      return addedSource(env, op);
    case "map":
      return configured(
        first.map((value) => value),
        op,
      );
    case "filter":
      return configured(
        first.filter(() => true),
        op,
      );
    case "process":
      return configured(first.process(new Identity()), op);
    case "assignWatermarks":
      return configured(first.assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<string>()), op);
    case "keyedReduce":
      return configured(
        first.keyBy((value) => value).reduce((a) => a),
        op,
      );
    case "reinterpretKeyed":
      return configured(
        DataStreamUtils.reinterpretAsKeyedStream(first, (value) => value).reduce((a) => a),
        op,
      );
    case "window":
      return configured(
        first
          .keyBy((value) => value)
          .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
          .reduce((a) => a),
        op,
      );
    case "windowAll":
      return configured(
        first.windowAll(TumblingEventTimeWindows.of(Duration.ofSeconds(1))).reduce((a) => a),
        op,
      );
    case "connectMap":
      return configured(first.connect(second).map({ map1: (value: string) => value, map2: (value: string) => value }), op);
    case "union":
      return inputs.length === 1 ? first : first.union(...inputs.slice(1));
    case "sideOutput":
      if (!(first instanceof SingleOutputStreamOperator)) throw new Error("only an operator has side outputs");
      return first.getSideOutput(new OutputTag<string>(op.id));
    case "sink":
    case "committingSink":
      addSink(op, first);
      return undefined;
    default:
      throw new Error(`unknown operation ${op.op}`);
  }
}

/** A source is two operators in the cases: numbers, and a map behind it whose parallelism is always named. */
function addedSource(env: StreamExecutionEnvironment, op: Op): DataStream<string> {
  const source = env.fromSource(new NumberSequenceSource(0, 9), WatermarkStrategy.noWatermarks<number>(), op.id);
  const texts = configured(source as unknown as SingleOutputStreamOperator<string>, op)
    .map(String)
    .name(`${op.id}$str`)
    .setParallelism(op.parallelism ?? env.getParallelism());
  return op.slotSharingGroup === undefined ? texts : texts.slotSharingGroup(op.slotSharingGroup);
}

function addSink(op: Op, input: DataStream<string>): void {
  const sink = input.sinkTo(op.op === "sink" ? new DiscardingSink<string>() : COMMITTING_SINK).name(op.id);
  if (op.parallelism !== undefined) sink.setParallelism(op.parallelism);
  if (op.op === "committingSink") return;
  if (op.disableChaining) sink.disableChaining();
  if (op.slotSharingGroup !== undefined) sink.slotSharingGroup(op.slotSharingGroup);
}

export function runPartitioner(testCase: DataStreamCase): string | null {
  const { pipeline, input, expect } = testCase;
  const channels = pipeline["channels"] as number;
  const maxParallelism = (pipeline["maxParallelism"] as number | undefined) ?? 128;
  const partitioning = partitioningOf(pipeline["kind"] as string);
  // Behind a forward edge is one channel; the recorder sets as many up as the case says, and the first is taken.
  const selector = channelSelectorOf(partitioning, { channels: partitioning.kind === "forward" ? 1 : channels, maxParallelism }, () => 0);
  const { supportsUnalignedCheckpoint, downstream, upstream } = channelStateTraits(partitioning);
  const traits = {
    isBroadcast: selector === undefined,
    isPointwise: patternOf(partitioning) === "POINTWISE",
    supportsUnalignedCheckpoint,
    downstreamStateMapper: downstream,
    upstreamStateMapper: upstream,
  };
  const expected = (expect.perStep as unknown as JsonObject[]).map((step) =>
    "error" in step ? "no single channel" : `channel ${step["channel"]}`,
  );
  const actual = input.map(({ record }) => (selector === undefined ? "no single channel" : `channel ${selector.select(record)}`));
  const recordedTraits = Object.keys(traits).map((name) => [name, (expect as unknown as JsonObject)[name]]);
  return firstDifference(actual, expected) ?? firstDifference(Object.entries(traits), recordedTraits);
}

function partitioningOf(kind: string): Partitioning {
  switch (kind) {
    case "custom":
      return { kind, keySelector: keyText, partition: (key, channels) => (key as string).length % channels };
    case "rebalance":
    case "rescale":
    case "broadcast":
    case "forward":
    case "global":
      return { kind };
    default:
      return { kind: "hash", keySelector: keyText };
  }
}

export function firstDifference(actual: readonly Json[], expected: readonly Json[]): string | null {
  for (let index = 0; index < Math.max(actual.length, expected.length); index++) {
    const [got, wanted] = [JSON.stringify(actual[index]), JSON.stringify(expected[index])];
    if (got !== wanted) return `at ${index}: expected ${wanted}, got ${got}`;
  }
  return null;
}
