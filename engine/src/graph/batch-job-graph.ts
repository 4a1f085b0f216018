/**
 * What execution in BATCH mode makes of a job graph. Flink: `StreamingJobGraphGenerator` with a dynamic graph, for its adaptive batch
 * scheduler.
 *
 * A vertex starts when the ones before it have ended: every exchange blocks, so each vertex is a region with slots of its own unless the
 * program put it into a slot sharing group. How many subtasks a vertex gets is decided when the amount of its input is known (-1 here),
 * unless the program set the parallelism of one of its operators. An edge to which the program gave no partitioner and that was not
 * chained becomes a rescale, since neither side's parallelism is known.
 *
 * Such graphs can be looked at; the simulated cluster runs streaming jobs only.
 */
import type { JobEdge, JobGraph, JobVertex, OperatorEdge } from "./job-graph.ts";
import { DEFAULT_SLOT_SHARING_GROUP } from "./slots.ts";

/** The same job with blocking exchanges. */
export function batchJobGraph(graph: JobGraph): JobGraph {
  const vertices = new Map<JobVertex, JobVertex>();
  for (const vertex of graph.vertices) vertices.set(vertex, { ...vertex, ...regionOf(vertex), inputs: [], outputs: [] });
  // A committer runs beside the writers whose promises it keeps, one for one.
  for (const [before, after] of vertices) {
    const [head] = before.operators;
    if (head.role !== "committer") continue;
    const writers = vertices.get(before.inputs[0].source) as JobVertex;
    vertices.set(before, { ...after, parallelism: writers.parallelism });
  }
  const edges = graph.edges.map((edge): JobEdge => {
    const source = vertices.get(edge.source) as JobVertex;
    const target = vertices.get(edge.target) as JobVertex;
    const blocking: JobEdge = { ...edge, edge: rescaled(edge.edge), source, target, exchange: "BLOCKING" };
    source.outputs.push(blocking);
    (target.inputs as JobEdge[]).push(blocking);
    return blocking;
  });
  return { ...graph, vertices: [...vertices.values()], edges };
}

function regionOf(vertex: JobVertex): { readonly parallelism: number; readonly slotSharingGroup: string } {
  const chosen = vertex.operators.some(({ node }) => node.parallelismConfigured ?? node.parallelism !== undefined);
  const own =
    vertex.slotSharingGroup === DEFAULT_SLOT_SHARING_GROUP ? `${DEFAULT_SLOT_SHARING_GROUP} (${vertex.id})` : vertex.slotSharingGroup;
  return { parallelism: chosen ? vertex.parallelism : -1, slotSharingGroup: own };
}

function rescaled(edge: OperatorEdge): OperatorEdge {
  const unspecified = edge.target.role !== "committer" && edge.target.node.inputs[edge.inputIndex].partitioning === undefined;
  return unspecified && edge.partitioning.kind === "forward" ? { ...edge, partitioning: { kind: "rescale" } } : edge;
}
