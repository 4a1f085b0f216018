/** Passes the steps of one task to the run's observer, and stops the task when what struck there has killed it. */
import type { CheckpointStep, CheckpointStepReporter } from "../flow/checkpoint-step.ts";
import type { RunObserver } from "./run-observer.ts";
import { TaskKilled } from "./task-killed.ts";

export interface SteppingTask {
  readonly vertex: { readonly id: number };
  readonly index: number;
  /** Its process is gone. */
  readonly killed: boolean;
}

export class TaskSteps implements CheckpointStepReporter {
  private readonly task: SteppingTask;
  private readonly observer: RunObserver;

  constructor(task: SteppingTask, observer: RunObserver) {
    this.task = task;
    this.observer = observer;
  }

  before(step: CheckpointStep, checkpointId: number): void {
    this.report(step, "before", checkpointId);
  }

  after(step: CheckpointStep, checkpointId: number): void {
    this.report(step, "after", checkpointId);
  }

  private report(step: CheckpointStep, at: "before" | "after", checkpoint: number): void {
    const { task } = this;
    // A dead process does nothing more, whatever the code around the last step made of its end.
    if (task.killed) throw new TaskKilled();
    this.observer.step({ step, at, checkpoint, v: task.vertex.id, s: task.index });
    if (task.killed) throw new TaskKilled();
  }
}
