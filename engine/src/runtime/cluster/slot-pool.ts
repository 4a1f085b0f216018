/**
 * Where tasks run. Subtask i of every vertex of a slot sharing group shares slot i of that group, and slots are dealt out to the task
 * managers in turn, so that losing one takes a slice of every vertex with it.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { JobGraph, JobVertex } from "../../graph/job-graph.ts";

export class SlotPool {
  private readonly taskManagers: number;
  /** First slot of each slot sharing group. */
  private readonly firstSlot = new Map<string, number>();

  /** @throws Diagnostic when the cluster has too few slots. */
  constructor(taskManagers: number, slotsPerTaskManager: number, jobGraph: JobGraph) {
    this.taskManagers = taskManagers;
    const width = new Map<string, number>();
    for (const vertex of jobGraph.vertices) {
      width.set(vertex.slotSharingGroup, Math.max(width.get(vertex.slotSharingGroup) ?? 0, vertex.parallelism));
    }
    let slots = 0;
    for (const [group, needed] of width) {
      this.firstSlot.set(group, slots);
      slots += needed;
    }
    const available = taskManagers * slotsPerTaskManager;
    if (slots > available) {
      throw new Diagnostic({
        code: "GRAPH_NOT_ENOUGH_SLOTS",
        phase: "graph",
        message: "Could not acquire the minimum required resources.",
        found: `the job needs ${slots} slots`,
        expected: `at most ${available}: ${taskManagers} task managers with ${slotsPerTaskManager} slots each`,
        hint: "Lower the parallelism.",
      });
    }
  }

  /** 0-based. */
  taskManagerOf(vertex: JobVertex, subtask: number): number {
    return ((this.firstSlot.get(vertex.slotSharingGroup) ?? 0) + subtask) % this.taskManagers;
  }
}
