/**
 * What the queue works on. A job is a row of the table that it is about (a submission, an item of a rejudge set): nothing is ever in two
 * places. `attempt` only grows and fences: writes with an older attempt have no effect.
 */
import type { Language, SubmissionLane } from "../contract/index.ts";

export type Lane = SubmissionLane | "rejudge";

/**
 * `verdict`: a submission's first judgement. `explanation`: the verdict stands, the explanation was cut off and is looked for again.
 * `rejudge`: judged anew for a rejudge set, whose item takes the result.
 */
export type Purpose = "verdict" | "explanation" | "rejudge";

/** A row leased to a worker. */
export interface Lease {
  readonly purpose: Purpose;
  readonly submissionId: string;
  /** `rejudge` only; "" = none. */
  readonly setId: string;
  readonly attempt: number;
  readonly owner: string;
}

export interface Job extends Lease {
  readonly lane: Lane;
  /** Times the judge has failed on it before. */
  readonly failures: number;
  readonly problemId: string;
  readonly packVersion: string;
  readonly language: Language;
  readonly text: string;
  /** null = none. */
  readonly functions: string | null;
  readonly variation: number;
  /** The verdict that stands; null = none yet. */
  readonly verdict: string | null;
}

/** A lease as the reaper sees it. */
export interface HeldLease extends Lease {
  /** Losses before. */
  readonly losses: number;
  readonly packVersion: string;
  readonly leaseUntilMs: number;
}

/** Why a job goes back: the judge failed, the process that held it is gone, or it is stopped (which counts as nothing). */
export type ReleaseReason = "failed" | "lost" | "stopped";

/** A table with jobs in it. */
export interface JobSource {
  /** Leases the oldest waiting job of a lane to `owner`; null when none waits. */
  claim(owner: string, leaseUntilMs: number, lane: Lane): Promise<Job | null>;
  /** Prolongs a lease; false when it is no longer held. */
  renew(lease: Lease, leaseUntilMs: number): Promise<boolean>;
  /** Lets the job wait again; false when the lease is no longer held. */
  release(lease: Lease, reason: ReleaseReason): Promise<boolean>;
  /** All leases, so that the reaper can find those that are over. */
  leases(): Promise<readonly HeldLease[]>;
}
