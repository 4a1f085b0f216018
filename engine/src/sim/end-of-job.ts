/** Ends a job as its world says. A job that is just restarting is ended as soon as it runs again. */
import type { SavepointFormat } from "../runtime/checkpoint/savepoint.ts";
import type { JobMaster } from "../runtime/cluster/job-master.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { WorldEnd } from "./world.ts";

export class EndOfJob {
  private readonly job: JobMaster;
  private readonly end: WorldEnd;
  private requested = false;

  constructor(job: JobMaster, end: WorldEnd, loop: EventLoop) {
    this.job = job;
    this.end = end;
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
    this.job.stop(true, this.format);
  }

  private get format(): SavepointFormat {
    return this.end.kind === "cancel" ? "canonical" : (this.end.savepointFormat ?? "canonical");
  }
}
