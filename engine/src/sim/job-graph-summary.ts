/** The physical job as plain data, for plans and pictures. */
import { descriptionOf } from "../graph/execution-plan.ts";
import { explain } from "../graph/explain.ts";
import { shipStrategyOf } from "../graph/job-graph.ts";
import { buildJobGraph } from "../graph/job-graph-builder.ts";
import type { ClusterDefaults, JobProgram, SourcePosition } from "../graph/stream-graph.ts";

export interface JobGraphSummary {
  readonly jobName: string;
  readonly vertices: readonly {
    readonly id: number;
    readonly name: string;
    readonly parallelism: number;
    readonly slotSharingGroup: string;
    readonly operators: readonly {
      readonly id: string;
      readonly name: string;
      readonly description: string;
      readonly uid: string | null;
      readonly maxParallelism: number;
      readonly position: SourcePosition | null;
    }[];
  }[];
  readonly edges: readonly {
    readonly source: number;
    readonly target: number;
    /** FORWARD, HASH, REBALANCE, … */
    readonly ship: string;
    readonly pattern: "POINTWISE" | "ALL_TO_ALL";
    /** BLOCKING only in batch mode. */
    readonly exchange: "PIPELINED_BOUNDED" | "BLOCKING";
  }[];
}

/** The job as text: stream graph, chained job graph, slots. @throws Diagnostic when the program is no job that can run. */
export function explainJob(program: JobProgram, defaults?: ClusterDefaults): string {
  return explain(program.instantiate(defaults));
}

/** @throws Diagnostic when the program is no job that can run; the program's own exceptions pass through. */
export function jobGraphOf(program: JobProgram, defaults?: ClusterDefaults): JobGraphSummary {
  const graph = buildJobGraph(program.instantiate(defaults));
  return {
    jobName: graph.jobName,
    vertices: graph.vertices.map(({ id, name, parallelism, slotSharingGroup, operators }) => ({
      id,
      name,
      parallelism,
      slotSharingGroup,
      operators: operators.map((node) => ({
        id: node.operatorId,
        name: node.name,
        description: descriptionOf(node),
        uid: node.node.uid ?? null,
        maxParallelism: node.maxParallelism,
        position: node.position ?? null,
      })),
    })),
    edges: graph.edges.map(({ source, target, edge, pattern, exchange }) => ({
      source: source.id,
      target: target.id,
      ship: shipStrategyOf(edge.partitioning),
      pattern,
      exchange,
    })),
  };
}
