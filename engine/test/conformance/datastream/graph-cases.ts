/** Recorded job graphs and partitioners. */
import type { KeySelector } from "../../../src/flow/operator.ts";
import type { Partitioning } from "../../../src/graph/stream-graph.ts";
import { channelSelectorOf } from "../../../src/runtime/channel-selector.ts";
import { jobGraphOf } from "../../../src/sim.ts";
import { JobBuilder, type Stream } from "../../runtime/job-kit.ts";
import type { DataStreamCase, Json, JsonObject } from "./case-format.ts";

const NEVER_CALLED = (): never => {
  throw new Error("only the graph is looked at");
};

interface Op {
  readonly id: string;
  readonly op: string;
  readonly in?: readonly string[];
  readonly partition?: "forward" | "broadcast" | "global" | "rebalance" | "rescale" | "shuffle";
  readonly parallelism?: number;
  readonly maxParallelism?: number;
  readonly slotSharingGroup?: string;
  readonly disableChaining?: boolean;
  readonly startNewChain?: boolean;
}

export function runJobGraph(testCase: DataStreamCase): string | null {
  const { pipeline } = testCase;
  const job = new JobBuilder({ parallelism: pipeline["parallelism"] as number });
  const streams = new Map<string, readonly Stream[]>();
  for (const op of pipeline["ops"] as unknown as Op[]) streams.set(op.id, addOp(job, op, streams));
  const graph = jobGraphOf({ instantiate: () => ({ jobName: testCase.id, nodes: job.nodes, config: job.config }) });

  const vertices = graph.vertices.map(({ name, parallelism, operators }) => `${name} ×${parallelism}, ${operators.length} operators`);
  const edges = graph.edges.map(({ source, target, ship, pattern }) => {
    return `${graph.vertices[source].name} | ${graph.vertices[target].name} | ${ship} ${pattern}`;
  });
  const expect = testCase.expect as unknown as { readonly vertices: readonly JsonObject[]; readonly edges: readonly JsonObject[] };
  const expectedVertices = expect.vertices.map((one) => `${one["name"]} ×${one["parallelism"]}, ${one["operators"]} operators`);
  const expectedEdges = expect.edges.map((one) => `${one["from"]} | ${one["to"]} | ${one["ship"]} ${one["pattern"]}`);
  return (
    firstDifference([...vertices].sort(), [...expectedVertices].sort()) ?? firstDifference([...edges].sort(), [...expectedEdges].sort())
  );
}

function addOp(job: JobBuilder, op: Op, streams: ReadonlyMap<string, readonly Stream[]>): readonly Stream[] {
  const inputs = (op.in ?? []).map((id) => {
    const input = streams.get(id) ?? [];
    return op.partition === undefined
      ? input
      : input.map((stream): Stream => ({ ...stream, partitioning: { kind: op.partition as "forward" } }));
  });
  const settings = {
    name: op.id,
    parallelism: op.parallelism,
    maxParallelism: op.maxParallelism,
    slotSharingGroup: op.slotSharingGroup,
    chaining: op.disableChaining === true ? ("NEVER" as const) : op.startNewChain === true ? ("HEAD" as const) : undefined,
  };
  const hashed = inputs[0]?.map(
    (stream): Stream => ({ ...stream, key: NEVER_CALLED, partitioning: { kind: "hash", keySelector: NEVER_CALLED } }),
  );
  switch (op.op) {
    case "source": {
      const source = job.source({} as never, undefined, { name: op.id, parallelism: op.parallelism });
      return [job.one(source, NEVER_CALLED, { ...settings, name: `${op.id}$str` })];
    }
    case "union":
      return inputs.flat();
    case "sideOutput":
      return inputs[0].map((stream) => ({ ...stream, side: { id: op.id } }));
    case "sink":
      job.sink(inputs[0], {} as never, settings);
      return [];
    case "keyedReduce":
      return [job.one(hashed, NEVER_CALLED, settings)];
    case "windowAll":
      return [job.one(hashed, NEVER_CALLED, { ...settings, parallelism: 1 })];
    case "connectMap":
      return [job.two(inputs[0][0], inputs[1][0], NEVER_CALLED, settings)];
    default:
      return [job.one(inputs[0], NEVER_CALLED, settings)];
  }
}

export function runPartitioner(testCase: DataStreamCase): string | null {
  const { pipeline, input, expect } = testCase;
  const keySelector: KeySelector = (record) => (record as JsonObject)["key"];
  const kind = pipeline["kind"] as string;
  const partitioning = (kind === "hash" ? { kind, keySelector } : { kind }) as Partitioning;
  const maxParallelism = (pipeline["maxParallelism"] as number | undefined) ?? 128;
  const selector = channelSelectorOf(partitioning, { channels: pipeline["channels"] as number, maxParallelism }, () => 0);
  const expected = (expect.perStep as unknown as JsonObject[]).map((step) =>
    "error" in step ? "no single channel" : `channel ${step["channel"]}`,
  );
  const actual = input.map(({ record }) => (selector === undefined ? "no single channel" : `channel ${selector.select(record)}`));
  return firstDifference(actual, expected);
}

export function firstDifference(actual: readonly Json[], expected: readonly Json[]): string | null {
  for (let index = 0; index < Math.max(actual.length, expected.length); index++) {
    const [got, wanted] = [JSON.stringify(actual[index]), JSON.stringify(expected[index])];
    if (got !== wanted) return `at ${index}: expected ${wanted}, got ${got}`;
  }
  return null;
}
