/** What a task needs from the cluster it runs in; implemented by the job master. */
import type { Prng } from "../base/prng.ts";
import type { OutsideWorld } from "../flow/operator.ts";
import type { JobGraph, JobVertex } from "../graph/job-graph.ts";
import type { StreamGraph } from "../graph/stream-graph.ts";
import type { TakenSnapshots } from "./checkpoint/asynchronous-part.ts";
import type { SourceCoordinator } from "./cluster/source-coordinator.ts";
import type { EventLoop } from "./event-loop.ts";
import type { RunObserver } from "./run-observer.ts";
import type { Subtask } from "./subtask.ts";
import type { TaskFailure } from "./task-failure.ts";

/** Virtual cost of one record in an operator, in microseconds. */
export type CostModel = (operatorName: string) => number;

export interface TaskHost {
  readonly loop: EventLoop;
  readonly observer: RunObserver;
  readonly jobGraph: JobGraph;
  /** 32 hexadecimal digits, the same in all attempts. */
  readonly jobId: string;
  /** How often this task has been started before; to be asked once when it is made. */
  nextAttemptOf(vertex: JobVertex, subtask: number): number;
  /** Seeds everything random of this attempt; fork it by name. */
  readonly random: Prng;
  readonly outside: OutsideWorld;
  readonly costOf: CostModel;
  readonly timing: TaskTiming;
  /** The user's program evaluated anew, for one task alone. */
  instantiateProgram(): StreamGraph;
  /** Total of a counter metric over the whole run, to be added to. */
  counter(name: string): { count: number };

  acknowledgeCheckpoint(task: Subtask, checkpointId: number, taken: TakenSnapshots): void;
  /** The task reads what it stored in the checkpoint that it starts from. @throws StateRestoreFailure */
  readState(task: Subtask): void;
  /** The task's operators are open. */
  taskRunning(task: Subtask): void;
  taskFailed(task: Subtask, failure: TaskFailure): void;
  /** All input of the task has ended and its operators are finished. */
  taskEndedData(task: Subtask): void;
  /** The task is through: nothing of it is left to do or to commit. */
  taskFinished(task: Subtask): void;
  /** The task has handled the notification that this checkpoint is complete (its committers have committed). */
  checkpointNotified(task: Subtask, checkpointId: number): void;

  /** Has the coordinator of a source do something, not now but next: it sits on another machine. */
  toSourceCoordinator(operatorId: string, action: (coordinator: SourceCoordinator) => void): void;
}

/** How tasks share the virtual processor. */
export interface TaskTiming {
  /** Elements one channel holds before its sender waits. */
  readonly channelCapacity: number;
  /** Most elements of one step. */
  readonly maxBatch: number;
  /** A step ends once it has used this much virtual time. */
  readonly maxStepUs: number;
  /** Longest time an element takes through an empty channel; 0 = none. */
  readonly maxNetworkUs: number;
  /** Records that a source reader should emit at a time. */
  readonly recordsPerPoll: number;
}
