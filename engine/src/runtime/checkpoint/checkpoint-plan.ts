/**
 * Who takes part in a checkpoint. Flink: `DefaultCheckpointPlanCalculator`.
 *
 * The job manager tells the tasks that nobody running stands in front of: the sources, and behind finished ones the first that still run.
 * From there the barrier flows. Every running task acknowledges; a finished one has nothing more to say.
 */
import type { Subtask } from "../subtask.ts";

export interface CheckpointPlan {
  readonly toTrigger: readonly Subtask[];
  readonly toWaitFor: readonly Subtask[];
  readonly finished: readonly Subtask[];
}

/** Null when not all tasks that are needed run. @param afterTasksFinish whether checkpoints go on when some tasks have finished. */
export function checkpointPlan(tasks: readonly Subtask[], afterTasksFinish: boolean): CheckpointPlan | null {
  const finished = tasks.filter((task) => task.finished);
  const running = tasks.filter((task) => !task.finished);
  if (running.length === 0 || running.some((task) => !task.running)) return null;
  if (finished.length === 0) return { toTrigger: running.filter((task) => task.isSource), toWaitFor: running, finished };
  if (!afterTasksFinish) return null;
  const toTrigger = running.filter(({ producers }) => producers.every((producer) => producer.finished));
  return { toTrigger, toWaitFor: running, finished };
}
