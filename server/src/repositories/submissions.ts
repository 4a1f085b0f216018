/** Submissions and their judging, as services see them. Asynchronous, so that a database over the network can take SQLite's place. */
import type { JudgeProgress, JudgeReport, Language, SubmissionDetail, SubmissionSummary } from "../contract/index.ts";

export interface NewSubmission {
  readonly problemId: string;
  readonly packVersion: string;
  readonly language: Language;
  readonly text: string;
  /** null = none. */
  readonly functions: string | null;
  readonly variation: number;
  readonly createdAtMs: number;
}

/** A submission leased to a worker. `attempt` fences: writes with an older attempt have no effect. */
export interface Lease {
  readonly submissionId: string;
  readonly attempt: number;
  readonly owner: string;
}

export interface Job extends Lease {
  /** Times the judge has failed on it before. */
  readonly failures: number;
  readonly problemId: string;
  readonly packVersion: string;
  readonly language: Language;
  readonly text: string;
  /** null = none. */
  readonly functions: string | null;
  readonly variation: number;
}

/** A lease that ran out or whose owner is known to be gone. */
export interface LostLease extends Lease {
  /** Losses before this one. */
  readonly losses: number;
  readonly packVersion: string;
}

export interface StoredEvent {
  readonly seq: number;
  readonly progress: JudgeProgress;
}

export interface ProblemStanding {
  readonly problemId: string;
  readonly lastVerdict: string | null;
  readonly bestScore: number | null;
}

export interface SubmissionRepository {
  /** Stores as `queued` with the next number of its problem; null when `maxOpen` submissions are open already. */
  add(submission: NewSubmission, maxOpen: number): Promise<SubmissionSummary | null>;
  find(id: string): Promise<SubmissionDetail | null>;
  /** Newest first. */
  listByProblem(problemId: string): Promise<readonly SubmissionSummary[]>;
  /** Verdict of the newest judged submission and best score, per problem that has any. Judge errors count for nothing. */
  standings(): Promise<readonly ProblemStanding[]>;
  /** Waiting, not yet taken. */
  countQueued(): Promise<number>;

  /** Leases the oldest waiting submission to `owner`; null when none waits. */
  claim(owner: string, leaseUntilMs: number): Promise<Job | null>;
  /** Prolongs a lease; false when it is no longer held. */
  renew(lease: Lease, leaseUntilMs: number): Promise<boolean>;
  /** Stores progress for watchers; false when the lease is no longer held. */
  addProgress(lease: Lease, progress: JudgeProgress): Promise<boolean>;
  /** Stores the report and the closing event together; false when the lease is no longer held. */
  complete(lease: Lease, report: JudgeReport, judgedAtMs: number): Promise<boolean>;
  /** Back into the queue, counted as the judge's failure or as lost, or not counted (graceful stop); false when the lease is no longer held. */
  release(lease: Lease, reason: "failed" | "lost" | "stopped"): Promise<boolean>;
  /** All leases, so that the reaper can find those that are over. */
  leases(): Promise<readonly (LostLease & { readonly leaseUntilMs: number })[]>;

  /** Progress after event `afterSeq`, in order; the closing event carries the report. */
  progressAfter(id: string, afterSeq: number): Promise<readonly StoredEvent[]>;
}
