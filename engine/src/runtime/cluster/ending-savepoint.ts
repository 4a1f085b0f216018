/**
 * The savepoint with which somebody ends a job: `flink stop`, with and without `--drain`, and `flink cancel -s`. It is taken once per attempt, and again when
 * a region that had to take it was restarted; while some task does not run, it is asked for again and again.
 */
import type { JobGraph } from "../../graph/job-graph.ts";
import type { CheckpointCoordinator } from "../checkpoint/checkpoint-coordinator.ts";
import { CHECKPOINT_FAILURE, type CheckpointFailure } from "../checkpoint/checkpoint-failure.ts";
import type { CompletedCheckpoint } from "../checkpoint/completed-checkpoint.ts";
import { canonicalCheckpoint, type Savepoint, type SavepointFormat, type SavepointRequest } from "../checkpoint/savepoint.ts";
import type { EventLoop } from "../event-loop.ts";
import type { Subtask } from "../subtask.ts";
import { systemFailure, type TaskFailure } from "../task-failure.ts";

/** drain = event time ends first; stop = the sources stop where they are; cancel = the job goes on until the savepoint is there. */
export type Ending = "no" | "drain" | "stop" | "cancel";

/** How often somebody looks whether what everybody waits for has come. */
export const LOOK_AGAIN_US = 1000;

/** What this asks of the job. */
export interface EndingJob {
  readonly loop: EventLoop;
  readonly coordinator: CheckpointCoordinator;
  readonly jobGraph: JobGraph;
  readonly status: string;
  readonly attempt: number;
  fail(failure: TaskFailure): void;
}

export class EndingSavepoint {
  private readonly job: EndingJob;
  ending: Ending = "no";
  private format: SavepointFormat = "canonical";
  private taken = false;
  /** The one with which the job ends. */
  private finalId: number | null = null;
  /** The one that was asked for last. */
  savepoint: Savepoint | null = null;

  constructor(job: EndingJob) {
    this.job = job;
  }

  begin(ending: Ending, format: SavepointFormat): void {
    this.ending = ending;
    this.format = format;
  }

  /** A new attempt of the whole job runs on: who asked has asked the attempt before. */
  reset(): void {
    this.ending = "no";
    this.taken = false;
    this.finalId = null;
  }

  /** This one has not heard of it. */
  taskRestarted(task: Subtask): void {
    const { ending } = this;
    if ((ending === "stop" || ending === "drain") && task.isSource) task.stopSource(ending === "drain");
  }

  /** Tasks that had taken it are gone. */
  retake(): void {
    this.taken = false;
    if (this.ending === "stop" || this.ending === "cancel") this.take();
  }

  take(): void {
    if (this.taken) return;
    this.taken = true;
    this.trigger(this.job.loop.nowUs);
  }

  private trigger(atUs: number): void {
    const { job } = this;
    const { attempt } = job;
    // After the mails that are already on their way to the sources.
    job.loop.scheduleUs(atUs, () => {
      if (job.status !== "running" || job.attempt !== attempt) return;
      const request = { format: this.format, terminates: this.ending !== "cancel" };
      job.coordinator.triggerSavepoint(request, (failure) => {
        if (failure !== null && job.status === "running" && job.attempt === attempt) this.failed(failure);
      });
    });
  }

  /** The tasks that have taken it can do nothing more; they fail, and with them the job. */
  private failed({ reason, cause }: CheckpointFailure): void {
    if (reason === CHECKPOINT_FAILURE.notAllRunning) this.trigger(this.job.loop.nowUs + LOOK_AGAIN_US);
    else this.job.fail(systemFailure("JOB_STOP_WITH_SAVEPOINT_FAILED", `Stop-with-savepoint failed. ${cause ?? reason.message}`));
  }

  completed(checkpoint: CompletedCheckpoint, { format, terminates }: SavepointRequest): void {
    const { jobGraph, loop } = this.job;
    if (terminates) this.finalId = checkpoint.id;
    const content = format === "canonical" ? canonicalCheckpoint(checkpoint, loop.currentMs()) : checkpoint;
    this.savepoint = { format, stateBackend: jobGraph.config.stateBackend, jobName: jobGraph.jobName, checkpoint: content };
  }

  isFinal(checkpointId: number): boolean {
    return checkpointId === this.finalId;
  }
}
