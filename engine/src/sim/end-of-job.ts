/**
 * Ends a job as its world says. A job that is just restarting is ended as soon as it runs again.
 *
 * Stopping gives up the checkpoints under way, and what sinks have prepared for those stays prepared: an XA sink may then wait for its own rows, and
 * the stop fails. Whoever stops a job by hand tries again a little later; so does this, when no checkpoint is under way.
 */
import type { SavepointFormat } from "../runtime/checkpoint/savepoint.ts";
import type { JobMaster } from "../runtime/cluster/job-master.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { WorldEnd } from "./world.ts";

/** For a moment without a checkpoint. There may be none. */
const PATIENCE_MS = 10_000;

export class EndOfJob {
  private readonly job: JobMaster;
  private readonly end: WorldEnd;
  private readonly loop: EventLoop;
  private requested = false;
  /** How often the job had restarted when it was last asked; null = not yet. */
  private restartsWhenAsked: number | null = null;
  private waitsSinceMs: number | null = null;

  constructor(job: JobMaster, end: WorldEnd, loop: EventLoop) {
    this.job = job;
    this.end = end;
    this.loop = loop;
    if (end.kind === "cancel") {
      loop.schedule(end.atMs, () => job.cancel());
    } else if (end.kind !== "drain") {
      loop.schedule(end.atMs, () => {
        this.requested = true;
      });
    }
  }

  /** Asks the job to stop once its time has come. Asking again does no harm. */
  request(): void {
    if (!this.requested) return;
    if (this.end.kind === "stop") this.job.stop(false, this.format);
    if (this.end.kind === "cancelWithSavepoint") this.job.cancelWithSavepoint(this.format);
  }

  drain(): void {
    const { job, loop } = this;
    const failedBefore = this.restartsWhenAsked !== null && this.restartsWhenAsked < job.restarts;
    if (failedBefore && job.coordinator.isUnderWay) {
      this.waitsSinceMs ??= loop.currentMs();
      if (loop.currentMs() - this.waitsSinceMs < PATIENCE_MS) return;
    }
    this.waitsSinceMs = null;
    if (job.stop(true, this.format)) this.restartsWhenAsked = job.restarts;
  }

  private get format(): SavepointFormat {
    return this.end.kind === "cancel" ? "canonical" : (this.end.savepointFormat ?? "canonical");
  }
}
