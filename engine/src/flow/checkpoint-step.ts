/**
 * The steps of a checkpoint and of the transactions that it commits, in the order in which they come. Whatever takes one says so before
 * and after, so that a fault can strike at exactly that point.
 *
 *   a sink's task     begin, write …
 *   the job manager   trigger
 *   every task        barrier; in sinks flush and preCommit before it, or preCommit and begin in the snapshot; snapshot
 *   the job manager   ack (per task), complete
 *   every task        notify; in sinks commit
 *   the job manager   committed
 *
 * After a restart tasks commit (again) what the restored checkpoint promised, and abort what was open.
 */

export type CheckpointStep =
  /** The job manager starts the checkpoint: enumerators say their state, the sources' tasks are told. */
  | "trigger"
  /** A task sends the barrier on. Before: it is to be injected (source), or all its barriers have arrived. */
  | "barrier"
  /** All operators of a task take their snapshots. */
  | "snapshot"
  /** The job manager takes in what a task acknowledges. */
  | "ack"
  /** The job manager completes the checkpoint. Before: every task has acknowledged. After: it will be restored from. */
  | "complete"
  /** A task hears that the checkpoint is complete. */
  | "notify"
  /** Only after: every task has handled that the checkpoint is complete, so everything is committed. */
  | "committed"
  /** A sink opens a transaction, which will be part of this checkpoint. */
  | "begin"
  /** A sink takes a record. */
  | "write"
  /** A sink's writer makes durable what it holds. */
  | "flush"
  /** Phase one of a two-phase commit: a writer hands out its committables, or a transaction is pre-committed. */
  | "preCommit"
  /** Phase two: a committer is asked to commit what one checkpoint carried, or a transaction is committed. */
  | "commit"
  /** A transaction is thrown away. */
  | "abort";

/**
 * Where the operators of a task report their steps. `checkpointId` = the checkpoint that the step belongs to. When the task's process dies at
 * that point, both methods throw, and what they throw is for the runtime alone to catch.
 */
export interface CheckpointStepReporter {
  /** The step comes next. */
  before(step: CheckpointStep, checkpointId: number): void;
  /** The step is done. */
  after(step: CheckpointStep, checkpointId: number): void;
}

/** Takes the step, and says so when somebody waits for it. */
export function inStep<R>(steps: CheckpointStepReporter | undefined, step: CheckpointStep, checkpointId: number, action: () => R): R {
  steps?.before(step, checkpointId);
  const result = action();
  steps?.after(step, checkpointId);
  return result;
}
