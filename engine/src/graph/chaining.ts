/**
 * Which edges become direct calls inside one task. Flink: `StreamingJobGraphGenerator.isChainable`.
 *
 * An edge is chained when its target has no other input (a union of two streams goes through channels, and so does a two-input
 * operator), when nothing moves records to another subtask (forward, same parallelism), when both share slots, when the target
 * allows being chained (ALWAYS) and its producer allows being followed (anything but NEVER).
 */
import type { OperatorEdge } from "./job-graph.ts";

export function isChainable(edge: OperatorEdge, chainingEnabled: boolean): boolean {
  const { source, target } = edge;
  return (
    chainingEnabled &&
    target.inputs.length === 1 &&
    target.role !== "twoInput" &&
    edge.partitioning.kind === "forward" &&
    source.parallelism === target.parallelism &&
    source.slotSharingGroup === target.slotSharingGroup &&
    target.chaining === "ALWAYS" &&
    source.chaining !== "NEVER"
  );
}
