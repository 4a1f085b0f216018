/**
 * Names of a sink's XA transactions. A name says whose transaction it is (job, operator, subtask, of how many) and after which checkpoint it
 * began, so that whoever finds it later knows whether it is his to roll back.
 *
 * Flink's names have the job's id where ours have its name, and no operator: there, two XA sinks of one job get in each other's way.
 */

/** Flink's id of the format, the first part of every name. */
const FORMAT_ID = 202;

export interface XaOwner {
  readonly job: string;
  readonly operatorId: string;
  readonly subtask: number;
  readonly parallelism: number;
}

/** @param checkpointId the last checkpoint before it began, 0 when there was none */
export function xaTransactionId({ job, operatorId, subtask, parallelism }: XaOwner, checkpointId: number): string {
  return `${FORMAT_ID}_${job}/${operatorId}_${subtask}_${parallelism}_${checkpointId}`;
}

/** The checkpoint after which the transaction began. */
export function checkpointOf(gid: string): number {
  return Number(gid.slice(gid.lastIndexOf("_") + 1));
}

/** It was made by an earlier attempt of this subtask, or by one that is no more since the sink has fewer subtasks now. */
export function belongsTo(gid: string, { job, operatorId, subtask, parallelism }: XaOwner): boolean {
  const prefix = `${FORMAT_ID}_${job}/${operatorId}_`;
  if (!gid.startsWith(prefix)) return false;
  const [otherSubtask, otherParallelism] = gid.slice(prefix.length).split("_").map(Number);
  return (otherSubtask === subtask && otherParallelism === parallelism) || otherSubtask >= parallelism;
}
