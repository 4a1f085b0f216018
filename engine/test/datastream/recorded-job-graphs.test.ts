/** Job graphs that Flink 2.3 itself built (the recorded conformance cases), from the same programs in the fluent API. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type DataStream,
  DiscardingSink,
  Duration,
  datastreamProgram,
  NumberSequenceSource,
  OutputTag,
  ProcessFunction,
  SingleOutputStreamOperator,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../src/index.ts";
import { jobGraphOf } from "../../src/sim.ts";

interface Operation {
  readonly id: string;
  readonly op: string;
  readonly in?: readonly string[];
  readonly partition?: string;
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  readonly disableChaining?: boolean;
  readonly startNewChain?: boolean;
  readonly slotSharingGroup?: string;
}

interface Case {
  readonly title: string;
  readonly pipeline: {
    readonly parallelism: number;
    readonly maxParallelism?: number;
    readonly disableOperatorChaining?: boolean;
    readonly ops: readonly Operation[];
  };
  readonly expect: {
    readonly vertices: readonly { name: string; parallelism: number; operators: number; slotSharing: string }[];
    readonly edges: readonly { from: string; to: string; ship: string; pattern: string }[];
  };
}

class Identity extends ProcessFunction<string, string> {
  processElement() {}
}

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
    default:
      throw new Error(`unknown partitioner ${kind}`);
  }
}

function configured(stream: SingleOutputStreamOperator<string>, operation: Operation): SingleOutputStreamOperator<string> {
  stream.name(operation.id);
  if (operation.parallelism !== undefined) stream.setParallelism(operation.parallelism);
  if (operation.maxParallelism !== undefined) stream.setMaxParallelism(operation.maxParallelism);
  if (operation.disableChaining) stream.disableChaining();
  if (operation.startNewChain) stream.startNewChain();
  if (operation.slotSharingGroup !== undefined) stream.slotSharingGroup(operation.slotSharingGroup);
  return stream;
}

function build({ pipeline }: Case): void {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.setParallelism(pipeline.parallelism);
  if (pipeline.maxParallelism !== undefined) env.setMaxParallelism(pipeline.maxParallelism);
  if (pipeline.disableOperatorChaining) env.disableOperatorChaining();
  const streams = new Map<string, DataStream<string>>();
  for (const operation of pipeline.ops) {
    const inputs = (operation.in ?? []).map((id) => partitioned(streams.get(id) as DataStream<string>, operation.partition));
    const stream = applied(env, operation, inputs);
    if (stream !== undefined) streams.set(operation.id, stream);
  }
  env.execute("case");
}

function applied(
  env: StreamExecutionEnvironment,
  operation: Operation,
  inputs: readonly DataStream<string>[],
): DataStream<string> | undefined {
  const [first, second] = inputs;
  switch (operation.op) {
    case "source": {
      const source = env.fromSource(new NumberSequenceSource(0, 9), WatermarkStrategy.noWatermarks<number>(), operation.id);
      const numbers = configured(source as unknown as SingleOutputStreamOperator<string>, operation);
      const texts = numbers
        .map(String)
        .name(`${operation.id}$str`)
        .setParallelism(operation.parallelism ?? env.getParallelism());
      return operation.slotSharingGroup === undefined ? texts : texts.slotSharingGroup(operation.slotSharingGroup);
    }
    case "map":
      return configured(
        first.map((value) => value),
        operation,
      );
    case "filter":
      return configured(
        first.filter(() => true),
        operation,
      );
    case "process":
      return configured(first.process(new Identity()), operation);
    case "keyedReduce":
      return configured(
        first.keyBy((value) => value).reduce((a) => a),
        operation,
      );
    case "windowAll":
      return configured(
        first.windowAll(TumblingEventTimeWindows.of(Duration.ofSeconds(1))).reduce((a) => a),
        operation,
      );
    case "connectMap":
      return configured(first.connect(second).map({ map1: (value: string) => value, map2: (value: string) => value }), operation);
    case "union":
      return first.union(...inputs.slice(1));
    case "sideOutput":
      if (!(first instanceof SingleOutputStreamOperator)) throw new Error("only an operator has side outputs");
      return first.getSideOutput(new OutputTag<string>(operation.id));
    case "sink": {
      const sink = first.sinkTo(new DiscardingSink<string>()).name(operation.id);
      if (operation.parallelism !== undefined) sink.setParallelism(operation.parallelism);
      if (operation.disableChaining) sink.disableChaining();
      if (operation.slotSharingGroup !== undefined) sink.slotSharingGroup(operation.slotSharingGroup);
      return undefined;
    }
    default:
      throw new Error(`unknown operation ${operation.op}`);
  }
}

/** Slot sharing groups matter by who shares one, not by name: numbered in the order of vertices sorted by name. */
function shape(built: ReturnType<typeof jobGraphOf>) {
  const nameOf = (id: number) => built.vertices.find((vertex) => vertex.id === id)?.name;
  const groups = new Map<string, string>();
  const vertices = [...built.vertices]
    .sort((a, b) => compare(a.name, b.name))
    .map(({ name, parallelism, operators, slotSharingGroup }) => {
      if (!groups.has(slotSharingGroup)) groups.set(slotSharingGroup, `g${groups.size}`);
      return { name, parallelism, operators: operators.length, slotSharing: groups.get(slotSharingGroup) as string };
    });
  const edges = built.edges.map(({ source, target, ship, pattern }) => ({
    from: nameOf(source) ?? "",
    to: nameOf(target) ?? "",
    ship,
    pattern,
  }));
  return { vertices, edges: edges.sort(byText) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byText(a: unknown, b: unknown): number {
  return compare(JSON.stringify(a), JSON.stringify(b));
}

/** The recorded vertices, renumbered after the same sort. */
function recorded({ vertices, edges }: Case["expect"]) {
  const groups = new Map<string, string>();
  const sorted = [...vertices]
    .sort((a, b) => compare(a.name, b.name))
    .map((vertex) => {
      if (!groups.has(vertex.slotSharing)) groups.set(vertex.slotSharing, `g${groups.size}`);
      return { ...vertex, slotSharing: groups.get(vertex.slotSharing) as string };
    });
  return { vertices: sorted, edges: edges.map(({ from, to, ship, pattern }) => ({ from, to, ship, pattern })).sort(byText) };
}

const FOLDER = new URL("../conformance/cases/datastream/jobgraphs/", import.meta.url);

describe("job graphs as Flink builds them", () => {
  for (const file of readdirSync(FOLDER).sort()) {
    const testCase = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Case;
    it(`${file.replace(".json", "")}: ${testCase.title}`, () => {
      expect(shape(jobGraphOf(datastreamProgram(() => build(testCase))))).toEqual(recorded(testCase.expect));
    });
  }
});
