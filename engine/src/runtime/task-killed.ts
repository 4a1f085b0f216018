/**
 * The process of the task that is at work has died in the middle of an operator. Unwinds the operators; only the runtime catches it. When
 * the program's code catches it instead, nothing is gained: the task is closed, and the next step it reports throws again.
 */
export class TaskKilled extends Error {
  constructor() {
    super("The task's process has died.");
    this.name = "TaskKilled";
  }
}
