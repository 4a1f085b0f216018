/** Chains operators into vertices and connects these. Flink: `StreamingJobGraphGenerator`. */
import { batchJobGraph } from "./batch-job-graph.ts";
import { checkBounded, isBatch } from "./batch-mode.ts";
import { isChainable } from "./chaining.ts";
import { checkUnaligned } from "./check-unaligned.ts";
import type { JobEdge, JobGraph, JobVertex, OperatorEdge, OperatorNode } from "./job-graph.ts";
import { buildOperatorGraph } from "./operator-graph.ts";
import type { Partitioning, StreamGraph } from "./stream-graph.ts";

/** Throws a `Diagnostic` (phase "graph") for a graph that cannot run. */
export function buildJobGraph(graph: StreamGraph): JobGraph {
  checkUnaligned(graph);
  checkBounded(graph);
  const operators = buildOperatorGraph(graph);
  const batch = isBatch(graph);
  const chained = (edge: OperatorEdge) => isChainable(edge, graph.config, batch);
  const vertices: JobVertex[] = [];
  const vertexOf = new Map<OperatorNode, JobVertex>();

  for (const head of operators) {
    if (head.inputs.some(chained)) continue;
    const chain = chainFrom(head, chained);
    const vertex: JobVertex = {
      id: vertices.length,
      name: chainName(head, chained),
      parallelism: head.parallelism,
      slotSharingGroup: head.slotSharingGroup,
      operators: chain,
      inputs: [],
      outputs: [],
    };
    vertices.push(vertex);
    for (const operator of chain) {
      vertexOf.set(operator, vertex);
      operator.maxParallelism = head.maxParallelism;
    }
  }

  const edges: JobEdge[] = [];
  for (const vertex of vertices) {
    for (const edge of vertex.operators[0].inputs) {
      const source = vertexOf.get(edge.source) as JobVertex;
      const pattern = patternOf(edge.partitioning);
      const jobEdge: JobEdge = { id: edges.length, edge, source, target: vertex, pattern, exchange: "PIPELINED_BOUNDED" };
      edges.push(jobEdge);
      source.outputs.push(jobEdge);
      (vertex.inputs as JobEdge[]).push(jobEdge);
    }
  }
  const { jobName, config, classNames } = graph;
  const jobGraph: JobGraph = { jobName, config, operators, vertices, edges, classNames };
  return batch ? batchJobGraph(jobGraph) : jobGraph;
}

/** The head and everything chained behind it, in the order of the flow (ascending index). */
function chainFrom(head: OperatorNode, chained: (edge: OperatorEdge) => boolean): OperatorNode[] {
  const chain: OperatorNode[] = [];
  const visit = (operator: OperatorNode): void => {
    chain.push(operator);
    for (const edge of operator.outputs) {
      if (chained(edge)) visit(edge.target);
    }
  };
  visit(head);
  return chain.sort((a, b) => a.index - b.index);
}

function chainName(operator: OperatorNode, chained: (edge: OperatorEdge) => boolean): string {
  const next = operator.outputs.filter(chained).map((edge) => chainName(edge.target, chained));
  if (next.length === 0) return operator.name;
  return next.length === 1 ? `${operator.name} -> ${next[0]}` : `${operator.name} -> (${next.join(", ")})`;
}

/** Pointwise partitioners connect each subtask with a fixed part of the other side. */
export function patternOf(partitioning: Partitioning): JobEdge["pattern"] {
  return partitioning.kind === "forward" || partitioning.kind === "rescale" ? "POINTWISE" : "ALL_TO_ALL";
}
