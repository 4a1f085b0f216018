/**
 * Where tasks run. Subtask i of every vertex of a slot sharing group shares slot i of that group, and slots are dealt out to the task
 * managers in turn, so that losing one takes a slice of every vertex with it.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { JobGraph, JobVertex } from "../../graph/job-graph.ts";
import { slotsByGroup } from "../../graph/slots.ts";

export class SlotPool {
  private readonly taskManagers: number;
  /** First slot of each slot sharing group. */
  private readonly firstSlot = new Map<string, number>();
  /** Diagnostic GRAPH_NOT_ENOUGH_SLOTS when the cluster has too few slots for the job, else null. */
  readonly lack: Diagnostic | null;

  constructor(taskManagers: number, slotsPerTaskManager: number, jobGraph: JobGraph) {
    this.taskManagers = taskManagers;
    const width = slotsByGroup(jobGraph);
    let slots = 0;
    for (const [group, needed] of width) {
      this.firstSlot.set(group, slots);
      slots += needed;
    }
    const available = taskManagers * slotsPerTaskManager;
    const cluster = `${taskManagers} task managers with ${slotsPerTaskManager} slots each`;
    this.lack = slots > available ? notEnoughSlots(width, slots, `at most ${available}: ${cluster}`) : null;
  }

  /** 0-based. */
  taskManagerOf(vertex: JobVertex, subtask: number): number {
    return ((this.firstSlot.get(vertex.slotSharingGroup) ?? 0) + subtask) % this.taskManagers;
  }
}

function notEnoughSlots(width: ReadonlyMap<string, number>, slots: number, expected: string): Diagnostic {
  const groups = [...width].map(([group, needed]) => `${needed} for group "${group}"`);
  return new Diagnostic({
    code: "GRAPH_NOT_ENOUGH_SLOTS",
    phase: "graph",
    message: "Could not acquire the minimum required resources.",
    found: `the job needs ${slots} slots${groups.length === 1 ? "" : `: ${groups.join(", ")}`}`,
    expected,
    hint:
      groups.length === 1
        ? "Lower the parallelism."
        : "Lower the parallelism, or use fewer slot sharing groups: each needs slots of its own.",
  });
}
