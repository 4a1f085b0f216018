/**
 * The queue of submissions, on the submissions table itself: nothing is ever in two places.
 *
 * A worker loop claims the oldest waiting submission (one UPDATE … RETURNING), which leases it to this process. While the judge is
 * at work the lease is renewed. Three things can go wrong, and each has one way back:
 *   the judge fails (its worker process died)   → back into the queue; the second failure becomes a `judge-error` report
 *   this process dies                           → the reaper of the next one finds the lease over and puts the submission back;
 *                                                 after MAX_LOSSES of them it is taken for the cause and becomes a `judge-error`
 *   this process is asked to stop               → the lease is given back and counts as nothing
 * A worker that lost its lease may still finish: its attempt number is old and its writes have no effect.
 */
import type { FastifyBaseLogger } from "fastify";
import type { JudgeProgress, JudgeReport } from "../../contract/index.ts";
import type { Job, Lease, SubmissionRepository } from "../../repositories/submissions.ts";
import { JudgeFailure, type JudgeService } from "../judge/judge-service.ts";
import { judgeErrorReport } from "./judge-error.ts";
import { isGone, newLeaseOwner } from "./lease-owner.ts";
import type { Signals } from "./signals.ts";

const MAX_FAILURES = 2;
const MAX_LOSSES = 5;

export interface JudgeQueueOptions {
  /** How long a lease lasts without being renewed (default 15,000). It is renewed three times in this span. */
  readonly leaseMs?: number;
  /** How often the reaper looks (default 5,000); also how often idle workers look for submissions of other processes. */
  readonly reapEveryMs?: number;
  /** Put into reports that the judge could not make. */
  readonly engineVersion?: string;
  readonly now?: () => number;
}

export class JudgeQueue {
  readonly owner = newLeaseOwner();
  readonly #submissions: SubmissionRepository;
  readonly #judge: JudgeService;
  readonly #signals: Signals;
  readonly #log: FastifyBaseLogger;
  readonly #leaseMs: number;
  readonly #reapEveryMs: number;
  readonly #engineVersion: string;
  readonly #now: () => number;
  readonly #active = new Map<Job, Promise<void>>();
  #reaper: NodeJS.Timeout | null = null;
  #running = false;
  #filling = false;
  #fillAgain = false;

  constructor(
    submissions: SubmissionRepository,
    judge: JudgeService,
    signals: Signals,
    log: FastifyBaseLogger,
    options: JudgeQueueOptions = {},
  ) {
    this.#submissions = submissions;
    this.#judge = judge;
    this.#signals = signals;
    this.#log = log;
    this.#leaseMs = options.leaseMs ?? 15_000;
    this.#reapEveryMs = options.reapEveryMs ?? 5_000;
    this.#engineVersion = options.engineVersion ?? "";
    this.#now = options.now ?? Date.now;
  }

  /** Takes back what dead processes left, then judges until `stop`. */
  async start(): Promise<void> {
    this.#running = true;
    await this.reap();
    this.#reaper = setInterval(() => void this.#tick(), this.#reapEveryMs);
    this.wake();
  }

  /** Says that there may be work. */
  wake(): void {
    void this.#fill().catch((error: unknown) => this.#log.error({ err: error }, "the queue could not be read"));
  }

  /** Takes no more; waits up to `graceMs` for what is being judged, then gives the rest back. */
  async stop(graceMs: number): Promise<void> {
    this.#running = false;
    if (this.#reaper !== null) clearInterval(this.#reaper);
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(this.#active.values()), grace]);
    clearTimeout(timer);
    for (const job of this.#active.keys()) await this.#submissions.release(job, "stopped");
  }

  /** Returns leases that are over to the queue. Called by itself; public for tests. */
  async reap(): Promise<void> {
    for (const lease of await this.#submissions.leases()) {
      // Our own work goes on, even when a sleeping laptop kept us from renewing.
      if (lease.owner === this.owner && this.#isActive(lease)) continue;
      if (lease.leaseUntilMs >= this.#now() && !isGone(lease.owner, this.owner)) continue;
      if (lease.losses + 1 >= MAX_LOSSES) {
        const headline = `The judging of this submission was cut off ${MAX_LOSSES} times. This is our fault, not that of your program.`;
        await this.#complete(lease, judgeErrorReport(headline, { engineVersion: this.#engineVersion, packVersion: lease.packVersion }));
      } else {
        await this.#submissions.release(lease, "lost");
      }
      this.#log.warn({ submission: lease.submissionId, owner: lease.owner, losses: lease.losses + 1 }, "a lease was lost");
    }
  }

  #isActive({ submissionId, attempt }: Lease): boolean {
    for (const job of this.#active.keys()) if (job.submissionId === submissionId && job.attempt === attempt) return true;
    return false;
  }

  async #tick(): Promise<void> {
    try {
      await this.reap();
    } catch (error) {
      this.#log.error({ err: error }, "the reaper failed");
    }
    this.wake();
  }

  /** Claims as long as a worker is free and something waits. Calls during a pass only ask for another one. */
  async #fill(): Promise<void> {
    this.#fillAgain = true;
    if (this.#filling) return;
    this.#filling = true;
    try {
      while (this.#fillAgain && this.#running) {
        this.#fillAgain = false;
        while (this.#running && this.#active.size < this.#judge.workers) {
          const job = await this.#submissions.claim(this.owner, this.#now() + this.#leaseMs);
          if (job === null) break;
          if (!this.#running) {
            await this.#submissions.release(job, "stopped");
            return;
          }
          this.#active.set(
            job,
            this.#work(job).finally(() => {
              this.#active.delete(job);
              this.wake();
            }),
          );
        }
      }
    } finally {
      this.#filling = false;
    }
  }

  async #work(job: Job): Promise<void> {
    const heartbeat = setInterval(() => {
      this.#submissions
        .renew(job, this.#now() + this.#leaseMs)
        .catch((error: unknown) => this.#log.error({ err: error }, "a lease could not be renewed"));
    }, this.#leaseMs / 3);
    // Progress is written in order and is all in before the report.
    let written: Promise<unknown> = Promise.resolve();
    const onProgress = (progress: JudgeProgress): void => {
      if (progress.kind === "finished") return;
      written = written.then(async () => {
        if (await this.#submissions.addProgress(job, progress)) this.#signals.emit(job.submissionId);
      });
      // Rejections are met at `await written`; this keeps them from counting as unhandled before that.
      written.catch(() => {});
    };
    try {
      const report = await this.#judge.judge(
        job.problemId,
        { language: job.language, text: job.text, functions: job.functions ?? undefined, variation: job.variation },
        onProgress,
      );
      await written;
      await this.#complete(job, report);
    } catch (error) {
      await Promise.allSettled([written]);
      if (this.#running) await this.#failed(job, error);
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #failed(job: Job, cause: unknown): Promise<void> {
    this.#log.error({ err: cause, submission: job.submissionId, attempt: job.attempt }, "the judge failed");
    try {
      if (job.failures + 1 < MAX_FAILURES) {
        await this.#submissions.release(job, "failed");
        return;
      }
      const headline =
        "The judge itself failed on this submission, twice. This is our fault, not that of your program; it costs you nothing.";
      const own = cause instanceof JudgeFailure ? cause.report : null;
      const versions = { engineVersion: this.#engineVersion, packVersion: job.packVersion };
      await this.#complete(job, own ?? judgeErrorReport(headline, versions));
    } catch (error) {
      // The lease runs out and the reaper puts the submission back.
      this.#log.error({ err: error, submission: job.submissionId }, "a failed judging could not be recorded");
    }
  }

  async #complete(lease: Lease, report: JudgeReport): Promise<void> {
    if (await this.#submissions.complete(lease, report, this.#now())) this.#signals.emit(lease.submissionId);
    else
      this.#log.warn({ submission: lease.submissionId, attempt: lease.attempt }, "a report came after its lease was lost and is dropped");
  }
}
