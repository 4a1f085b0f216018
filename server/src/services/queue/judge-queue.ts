/**
 * The queue of judgements. Jobs are rows of the tables that they are about (repositories/jobs.ts): nothing is ever in two places.
 *
 * A worker loop claims the oldest waiting job of the lane whose turn it is (one UPDATE … RETURNING), which leases it to this process. While
 * the judge is at work the lease is renewed. Three things can go wrong, and each has one way back:
 *   the judge fails (its worker process died)   → back into the queue; the second failure becomes a `judge-error` report
 *   this process dies                           → the reaper of the next one finds the lease over and puts the job back;
 *                                                 after MAX_LOSSES of them it is taken for the cause and becomes a `judge-error`
 *   this process is asked to stop               → the lease is given back and counts as nothing
 * A worker that lost its lease may still finish: its attempt number is old and its writes have no effect.
 *
 * A verdict is stored as soon as it stands and is never replaced by a repetition; only an applied rejudge set does that. The explanation
 * follows under the same lease, beside the verdicts of others. When it is cut off, the submission becomes a job of purpose `explanation`: judged
 * again for the explanation alone. An explanation that cannot be had is none, and no error.
 */
import type { FastifyBaseLogger } from "fastify";
import type { JudgeProgress, JudgeReport } from "../../contract/index.ts";
import type { HeldLease, Job, JobSource, Lease } from "../../repositories/jobs.ts";
import type { RejudgeRepository } from "../../repositories/rejudges.ts";
import type { SubmissionRepository } from "../../repositories/submissions.ts";
import { JudgeFailure, type JudgeService } from "../judge/judge-service.ts";
import { judgeErrorReport } from "./judge-error.ts";
import { LaneOrder } from "./lane-order.ts";
import { isGone, newLeaseOwner } from "./lease-owner.ts";
import type { Signals } from "./signals.ts";

const MAX_FAILURES = 2;
const MAX_LOSSES = 5;

/** What a verdict is taken to cost before the first has been measured. */
const FIRST_GUESS_MS = 1_000;
const LONGEST_WAIT_S = 60;

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
  readonly #rejudges: RejudgeRepository;
  readonly #judge: JudgeService;
  readonly #signals: Signals;
  readonly #log: FastifyBaseLogger;
  readonly #leaseMs: number;
  readonly #reapEveryMs: number;
  readonly #engineVersion: string;
  readonly #now: () => number;
  readonly #active = new Map<Job, Promise<void>>();
  /** Of the active: the verdict stands, the explanation is being looked for. */
  readonly #explaining = new Set<Job>();
  readonly #order = new LaneOrder();
  #verdictMs = FIRST_GUESS_MS;
  #reaper: NodeJS.Timeout | null = null;
  #running = false;
  #filling = false;
  #fillAgain = false;

  constructor(
    submissions: SubmissionRepository,
    rejudges: RejudgeRepository,
    judge: JudgeService,
    signals: Signals,
    log: FastifyBaseLogger,
    options: JudgeQueueOptions = {},
  ) {
    this.#submissions = submissions;
    this.#rejudges = rejudges;
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
    await this.#fill().catch((error: unknown) => this.#log.error({ err: error }, "the queue could not be read"));
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
    for (const job of this.#active.keys()) await this.#sourceOf(job).release(this.#leaseOf(job), "stopped");
  }

  /** Seconds after which a full queue will have room for more than a few, by what verdicts took lately. */
  retryAfterS(waiting: number): number {
    const aQuarterMs = (waiting / 4) * (this.#verdictMs / Math.max(1, this.#judge.workers));
    return Math.min(LONGEST_WAIT_S, Math.max(1, Math.ceil(aQuarterMs / 1000)));
  }

  /** Returns leases that are over to the queue. Called by itself; public for tests. */
  async reap(): Promise<void> {
    for (const lease of [...(await this.#submissions.leases()), ...(await this.#rejudges.leases())]) {
      // Our own work goes on, even when a sleeping laptop kept us from renewing.
      if (lease.owner === this.owner && this.#isActive(lease)) continue;
      if (lease.leaseUntilMs >= this.#now() && !isGone(lease.owner, this.owner)) continue;
      if (lease.losses + 1 >= MAX_LOSSES) await this.#giveUpOn(lease);
      else await this.#sourceOf(lease).release(lease, "lost");
      this.#log.warn({ submission: lease.submissionId, owner: lease.owner, losses: lease.losses + 1 }, "a lease was lost");
    }
  }

  async #giveUpOn(lease: HeldLease): Promise<void> {
    const headline = `The judging of this submission was cut off ${MAX_LOSSES} times. This is our fault, not that of your program.`;
    await this.#end(lease, judgeErrorReport(headline, { engineVersion: this.#engineVersion, packVersion: lease.packVersion }));
  }

  #isActive({ submissionId, setId, attempt }: Lease): boolean {
    for (const job of this.#active.keys())
      if (job.submissionId === submissionId && job.setId === setId && job.attempt === attempt) return true;
    return false;
  }

  #sourceOf({ purpose }: Lease): JobSource {
    return purpose === "rejudge" ? this.#rejudges : this.#submissions;
  }

  /** What a job holds at present: from the verdict on its lease is one for the explanation. */
  #leaseOf(job: Job): Lease {
    return this.#explaining.has(job) ? { ...job, purpose: "explanation" } : job;
  }

  /** Explanations take no verdict's place, unless there are more of them than workers. */
  get #busyWorkers(): number {
    return this.#active.size - Math.min(this.#explaining.size, this.#judge.workers);
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
        while (this.#running && this.#busyWorkers < this.#judge.workers) {
          const job = await this.#claim();
          if (job === null) break;
          if (!this.#running) {
            await this.#sourceOf(job).release(job, "stopped");
            return;
          }
          this.#active.set(
            job,
            this.#work(job).finally(() => {
              this.#active.delete(job);
              this.#explaining.delete(job);
              this.wake();
            }),
          );
        }
      }
    } finally {
      this.#filling = false;
    }
  }

  async #claim(): Promise<Job | null> {
    for (const lane of this.#order.next()) {
      const source = lane === "rejudge" ? this.#rejudges : this.#submissions;
      const job = await source.claim(this.owner, this.#now() + this.#leaseMs, lane);
      if (job === null) continue;
      this.#order.took(lane);
      return job;
    }
    this.#order.took(null);
    return null;
  }

  async #work(job: Job): Promise<void> {
    const heartbeat = setInterval(() => {
      this.#sourceOf(job)
        .renew(this.#leaseOf(job), this.#now() + this.#leaseMs)
        .catch((error: unknown) => this.#log.error({ err: error }, "a lease could not be renewed"));
    }, this.#leaseMs / 3);
    // Progress is written in order and is all in before the report.
    let written: Promise<unknown> = Promise.resolve();
    const onProgress = (progress: JudgeProgress): void => {
      if (job.purpose !== "verdict" || progress.kind === "finished") return;
      written = written.then(() => (progress.kind === "judged" ? this.#conclude(job, progress.report) : this.#tell(job, progress)));
      // Rejections are met at `await written`; this keeps them from counting as unhandled before that.
      written.catch(() => {});
    };
    const startedAtMs = performance.now();
    try {
      const { problemId, packVersion, language, text, functions, variation } = job;
      // A rejudge set is about what the present version makes of it.
      const problem = { id: problemId, version: job.purpose === "rejudge" ? null : packVersion };
      const submission = { language, text, functions: functions ?? undefined, variation };
      const report = await this.#judge.judge(problem, submission, onProgress, { explain: job.purpose !== "rejudge" });
      await written;
      if (job.purpose === "verdict" && !this.#explaining.has(job)) this.#measure(performance.now() - startedAtMs);
      await this.#end(this.#leaseOf(job), report, job.verdict);
    } catch (error) {
      await Promise.allSettled([written]);
      if (this.#running) await this.#failed(job, error);
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #tell(job: Job, progress: JudgeProgress): Promise<void> {
    if (await this.#submissions.addProgress(job, progress)) this.#signals.emit(job.submissionId);
  }

  /** The verdict stands. The worker is free for the next one. */
  async #conclude(job: Job, report: JudgeReport): Promise<void> {
    if (!(await this.#submissions.conclude(job, report, this.#now()))) return;
    this.#explaining.add(job);
    this.#signals.emit(job.submissionId);
    this.wake();
  }

  #measure(tookMs: number): void {
    this.#verdictMs += (tookMs - this.#verdictMs) / 8;
  }

  async #failed(job: Job, cause: unknown): Promise<void> {
    this.#log.error({ err: cause, submission: job.submissionId, attempt: job.attempt }, "the judge failed");
    const lease = this.#leaseOf(job);
    try {
      if (job.failures + 1 < MAX_FAILURES) {
        await this.#sourceOf(job).release(lease, "failed");
        return;
      }
      const headline =
        "The judge itself failed on this submission, twice. This is our fault, not that of your program; it costs you nothing.";
      const own = cause instanceof JudgeFailure ? cause.report : null;
      const versions = { engineVersion: this.#engineVersion, packVersion: job.packVersion };
      await this.#end(lease, own ?? judgeErrorReport(headline, versions));
    } catch (error) {
      // The lease runs out and the reaper puts the job back.
      this.#log.error({ err: error, submission: job.submissionId }, "a failed judging could not be recorded");
    }
  }

  /**
   * Stores what came of a job. @param standing the verdict that stood when the job was taken: an explanation of another one (the pack has changed since) would
   * explain nothing.
   */
  async #end(lease: Lease, report: JudgeReport, standing: string | null = null): Promise<void> {
    const explanation = standing === null || standing === report.verdict ? report.explanation : null;
    const isStored =
      lease.purpose === "rejudge"
        ? await this.#rejudges.complete(lease, report)
        : lease.purpose === "explanation"
          ? await this.#submissions.explained(lease, explanation)
          : await this.#submissions.complete(lease, report, this.#now());
    if (isStored) this.#signals.emit(lease.submissionId);
    else
      this.#log.warn({ submission: lease.submissionId, attempt: lease.attempt }, "a report came after its lease was lost and is dropped");
  }
}
