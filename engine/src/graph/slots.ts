import type { JobGraph } from "./job-graph.ts";

/** The group of operators whose program names none. */
export const DEFAULT_SLOT_SHARING_GROUP = "default";

/**
 * Slots that a job needs, by slot sharing group, in the order of the flow: a group needs as many as its widest vertex has subtasks, since
 * one slot may hold one subtask of each of its vertices. The job needs the sum.
 */
export function slotsByGroup(jobGraph: JobGraph): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (const { slotSharingGroup, parallelism } of jobGraph.vertices) {
    slots.set(slotSharingGroup, Math.max(slots.get(slotSharingGroup) ?? 0, parallelism));
  }
  return slots;
}
