/**
 * Which edges become direct calls inside one task. Flink: `StreamingJobGraphGenerator.isChainable`.
 *
 * An edge is chained when its target has no other input (a union of two streams goes through channels, and so does a two-input
 * operator), when nothing moves records to another subtask (forward, same parallelism), when both share slots, when the target
 * allows being chained (ALWAYS) and its producer allows being followed (anything but NEVER). Different max parallelisms do not matter
 * unless the job says so; a batch job commits in a vertex of its own, after all writers have ended, and sorts what it groups by key, for
 * which such an operator has to be the first of its vertex.
 */
import type { OperatorEdge, OperatorNode } from "./job-graph.ts";
import type { JobConfig } from "./stream-graph.ts";

export function isChainable(edge: OperatorEdge, config: JobConfig, batch: boolean): boolean {
  const { source, target } = edge;
  return (
    config.chainingEnabled &&
    !(batch && (target.role === "committer" || isKeyed(target))) &&
    !(config.chainsDifferentMaxParallelism === false && source.maxParallelism !== target.maxParallelism) &&
    target.inputs.length === 1 &&
    target.role !== "twoInput" &&
    edge.partitioning.kind === "forward" &&
    source.parallelism === target.parallelism &&
    source.slotSharingGroup === target.slotSharingGroup &&
    target.chaining === "ALWAYS" &&
    source.chaining !== "NEVER"
  );
}

function isKeyed({ node, role }: OperatorNode): boolean {
  return role === "oneInput" && node.keySelectors.some((selector) => selector !== undefined);
}
