/**
 * What execution in BATCH mode makes of a job graph. Flink: `StreamingJobGraphGenerator` with a dynamic graph, for its adaptive batch
 * scheduler.
 *
 * A vertex starts when the ones before it have ended: every exchange blocks, so each vertex is a region with slots of its own unless the
 * program put it into a slot sharing group. How many subtasks a vertex gets is decided when the amount of its input is known (-1 here),
 * unless the program set the parallelism of one of its operators. An edge to which the program gave no partitioner and that was not
 * chained becomes a rescale, since neither side's parallelism is known; vertices that a forward edge connects (a writer and its committer, too)
 * are one *forward group*, which has one parallelism.
 *
 * Checkpoints are off, whatever the program says. The cluster runs it stage by stage (`runtime/cluster/batch-stages.ts`).
 */
import { Diagnostic } from "../base/diagnostic.ts";
import type { JobEdge, JobGraph, JobVertex, OperatorEdge } from "./job-graph.ts";
import { DEFAULT_SLOT_SHARING_GROUP } from "./slots.ts";

/** The same job with blocking exchanges. */
export function batchJobGraph(graph: JobGraph): JobGraph {
  const edges = graph.edges.map((edge) => ({ ...edge, edge: rescaled(edge.edge) }));
  const groups = forwardGroups(graph.vertices, edges);
  const vertices = new Map<JobVertex, JobVertex>();
  for (const vertex of graph.vertices) {
    const parallelism = parallelismOf(groups.get(vertex) as ForwardGroup);
    vertices.set(vertex, { ...vertex, parallelism, slotSharingGroup: regionOf(vertex), inputs: [], outputs: [] });
  }
  const blocking = edges.map((edge): JobEdge => {
    const source = vertices.get(edge.source) as JobVertex;
    const target = vertices.get(edge.target) as JobVertex;
    const exchanged: JobEdge = { ...edge, source, target, exchange: "BLOCKING" };
    source.outputs.push(exchanged);
    (target.inputs as JobEdge[]).push(exchanged);
    return exchanged;
  });
  // No checkpoints: what has ended is kept instead.
  const config = { ...graph.config };
  config.checkpointIntervalMs = undefined;
  return { ...graph, config, batch: true, vertices: [...vertices.values()], edges: blocking };
}

/** Decides how many subtasks a vertex gets, as soon as the amount of its input is known. */
export function settleParallelism(vertex: JobVertex, parallelism: number): void {
  (vertex as { parallelism: number }).parallelism = parallelism;
  for (const operator of vertex.operators) (operator as { parallelism: number }).parallelism = parallelism;
}

type ForwardGroup = readonly JobVertex[];

/** Vertex → all vertices that forward edges connect it with, itself included. */
function forwardGroups(vertices: readonly JobVertex[], edges: readonly JobEdge[]): ReadonlyMap<JobVertex, ForwardGroup> {
  const groups = new Map<JobVertex, ForwardGroup>(vertices.map((vertex) => [vertex, [vertex]]));
  for (const { edge, source, target } of edges) {
    const [before, after] = [groups.get(source) as ForwardGroup, groups.get(target) as ForwardGroup];
    if (edge.partitioning.kind !== "forward" || before === after) continue;
    const joined = [...before, ...after];
    for (const vertex of joined) groups.set(vertex, joined);
  }
  return groups;
}

/** What the program chose for one of them; -1 = the scheduler will. */
function parallelismOf(group: ForwardGroup): number {
  const chosen = group.find(({ operators }) => operators.some(({ node }) => node.parallelismConfigured ?? node.parallelism !== undefined));
  if (chosen === undefined) return -1;
  const { parallelism } = chosen;
  const refusing = group.find(({ operators: [head] }) => head.maxParallelism < parallelism);
  // A vertex by itself is checked when it is deployed.
  if (refusing === undefined || group.length === 1) return parallelism;
  throw new Diagnostic({
    code: "GRAPH_FORWARD_GROUP_MAX_PARALLELISM",
    phase: "graph",
    message: "There is a job vertex in the forward group whose maximum parallelism is smaller than the group's parallelism",
    found: `"${refusing.name}" with maximum parallelism ${refusing.operators[0].maxParallelism}, and ${parallelism} subtasks`,
    hint: "forward() makes both sides equally parallel; a writer and its committer are so, too.",
    ...(refusing.operators[0].position === undefined ? {} : { span: refusing.operators[0].position }),
  });
}

function regionOf({ id, slotSharingGroup }: JobVertex): string {
  return slotSharingGroup === DEFAULT_SLOT_SHARING_GROUP ? `${DEFAULT_SLOT_SHARING_GROUP} (${id})` : slotSharingGroup;
}

function rescaled(edge: OperatorEdge): OperatorEdge {
  const unspecified = edge.target.role !== "committer" && edge.target.node.inputs[edge.inputIndex].partitioning === undefined;
  return unspecified && edge.partitioning.kind === "forward" ? { ...edge, partitioning: { kind: "rescale" } } : edge;
}
