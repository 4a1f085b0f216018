/** Takes the snapshots of a task's operators: the synchronous part within a step of the task, what follows it between two steps, and what fails in either. */
import type { OperatorSnapshot } from "../state/snapshot.ts";
import { releaseSnapshots, shareState, type TaskSnapshots } from "./checkpoint/asynchronous-part.ts";
import type { ChannelState } from "./checkpoint/channel-state.ts";
import type { CheckpointBarrier } from "./checkpoint/checkpoint-barrier.ts";
import type { SnapshottingTask } from "./checkpoint/task-checkpoints.ts";
import type { OperatorChain } from "./operator-chain.ts";
import type { Subtask } from "./subtask.ts";
import type { TaskEnd } from "./task-end.ts";
import { snapshotFailureOf } from "./task-failure.ts";
import type { TaskHost } from "./task-host.ts";

export class SnapshotTaker implements SnapshottingTask {
  private readonly task: Subtask;
  private readonly host: TaskHost;
  private readonly end: TaskEnd;
  /** Null before it is made. */
  chain: OperatorChain | null = null;

  constructor(task: Subtask, host: TaskHost, end: TaskEnd) {
    this.task = task;
    this.host = host;
    this.end = end;
  }

  prepareSnapshot(checkpointId: number): boolean {
    const { chain, task } = this;
    if (chain === null || !task.running) return true;
    try {
      return chain.prepareSnapshot(checkpointId);
    } catch (error) {
      throw this.failureOf(error, checkpointId);
    }
  }

  snapshot(barrier: CheckpointBarrier): TaskSnapshots | null {
    const { chain, host, task } = this;
    if (chain === null || !task.running) return null;
    const { checkpointId } = barrier;
    host.observer.checkpoint({ what: "barrier", checkpoint: checkpointId, v: task.vertex.id, s: task.index, bytes: null, reason: null });
    const snapshots = this.snapshotOf(chain, barrier);
    if (task.killed) {
      releaseSnapshots(snapshots);
      return null;
    }
    this.end.snapshotTaken(checkpointId);
    return snapshots;
  }

  /** What an operator throws in its snapshot fails the task. */
  private snapshotOf(chain: OperatorChain, barrier: CheckpointBarrier): TaskSnapshots {
    try {
      return chain.snapshot(barrier);
    } catch (error) {
      throw this.failureOf(error, barrier.checkpointId);
    }
  }

  acknowledge(checkpointId: number, snapshots: TaskSnapshots, channels: readonly ChannelState[]): void {
    const { host, task } = this;
    // What the task did before its snapshot, in the same step, took time: a sink that waited for its system to take everything.
    const takenAtUs = host.loop.nowUs + Math.ceil(task.stepCostUs);
    const acknowledge = () => host.acknowledgeCheckpoint(task, checkpointId, { snapshots, channels, takenAtUs });
    if (!shareState(snapshots)) {
      acknowledge();
      return;
    }
    host.loop.afterThisStep(() => {
      if (this.asynchronously(checkpointId, snapshots, ({ bytes }) => bytes)) acknowledge();
    });
  }

  /** The last of the asynchronous part: nothing changes in the snapshots any more. False = it cannot be, and the task has failed. */
  detach(checkpointId: number, snapshots: TaskSnapshots): boolean {
    return this.asynchronously(checkpointId, snapshots, ({ keyed }) => keyed?.detach?.());
  }

  /** Does something with each snapshot, between two steps. False = one holds what no snapshot can, and the task has failed. */
  private asynchronously(checkpointId: number, snapshots: TaskSnapshots, action: (snapshot: OperatorSnapshot) => void): boolean {
    const { task } = this;
    for (const [operatorId, snapshot] of snapshots) {
      try {
        action(snapshot);
      } catch (error) {
        releaseSnapshots(snapshots);
        task.meter.activeOperator = task.vertex.operators.findIndex((operator) => operator.operatorId === operatorId);
        if (!task.closed) task.fail(this.failureOf(error, checkpointId));
        return false;
      }
    }
    return true;
  }

  private failureOf(error: unknown, checkpointId: number): unknown {
    return snapshotFailureOf(error, checkpointId, `${this.task.name}#${this.task.attempt}`);
  }
}
