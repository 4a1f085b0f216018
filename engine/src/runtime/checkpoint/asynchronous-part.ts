/**
 * The asynchronous part of a task's snapshots. At the barrier only references are taken; then the task goes on, while its snapshots are measured,
 * stored and copied, until they are acknowledged or nobody wants them any more. Flink: `AsyncCheckpointRunnable`.
 *
 * The snapshots are measured as soon as the step of the barrier is over, since the time that storing takes depends on it, and copied when that time
 * is over. So what a task changes meanwhile is copied on write, as in Flink.
 */
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { ChannelState } from "./channel-state.ts";

/** Of all operators of a task, by operator id. */
export type TaskSnapshots = ReadonlyMap<string, OperatorSnapshot>;

/** What a task has to acknowledge. */
export interface TakenSnapshots {
  readonly snapshots: TaskSnapshots;
  /** What was in flight, if the checkpoint is unaligned. */
  readonly channels: readonly ChannelState[];
  /** When the synchronous part was over, virtual time in microseconds. */
  readonly takenAtUs: number;
}

/** Whether there is an asynchronous part. */
export function shareState(snapshots: TaskSnapshots): boolean {
  for (const { keyed } of snapshots.values()) if (keyed?.sharing === "shared") return true;
  return false;
}

/** Nobody wants them any more: the checkpoint was given up, or its task has gone. */
export function releaseSnapshots(snapshots: TaskSnapshots): void {
  for (const { keyed } of snapshots.values()) keyed?.release?.();
}
