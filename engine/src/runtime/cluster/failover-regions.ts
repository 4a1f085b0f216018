/**
 * Tasks that go down together: all that are connected, directly or over others, since what one has sent and another has lost cannot be sent
 * again. Jobs with an exchange between all subtasks are one region; pipelines that never meet are one each.
 * Flink: `RestartPipelinedRegionFailoverStrategy`.
 */
import type { Subtask } from "../subtask.ts";

/** The region of these tasks. */
export function regionOf(failed: readonly Subtask[], tasks: readonly Subtask[]): ReadonlySet<Subtask> {
  const neighbours = new Map<Subtask, Subtask[]>(tasks.map((task) => [task, []]));
  for (const task of tasks) {
    for (const producer of task.producers) {
      neighbours.get(task)?.push(producer);
      neighbours.get(producer)?.push(task);
    }
  }
  const region = new Set(failed);
  for (const task of region) for (const neighbour of neighbours.get(task) ?? []) region.add(neighbour);
  return region;
}
