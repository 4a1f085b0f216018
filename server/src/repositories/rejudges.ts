/** Rejudge sets: judged submissions that are judged anew, whose results change only when the set is applied. */
import type { JudgeReport, RejudgeDetail, RejudgeFilter, RejudgeSummary } from "../contract/index.ts";
import type { JobSource, Lease } from "./jobs.ts";

/** What became of a request to apply or cancel. */
export type RejudgeEnd =
  /** Also when it had ended so before: asking twice changes nothing. */
  | "done"
  | "unknown"
  /** Apply: not everything has been judged. */
  | "judging"
  /** Apply: results have changed since the set was made. Nothing was applied. */
  | "stale"
  /** It ended the other way. */
  | "closed";

export interface NewRejudgeOptions {
  readonly createdBy: string;
  /** Only submissions that this user may see; null = everybody's. */
  readonly onlyOf: string | null;
  readonly createdAtMs: number;
  readonly maxItems: number;
}

/** Items are the jobs of the lane `rejudge`; those of sets that ended are none. */
export interface RejudgeRepository extends JobSource {
  /** Makes a set of all judged submissions that the filter takes; null when there is none. Throws a RangeError when there are more than `maxItems`. */
  create(filter: RejudgeFilter, options: NewRejudgeOptions): Promise<RejudgeDetail | null>;
  /** Newest first. @param createdBy null = everybody's. */
  list(createdBy: string | null): Promise<readonly RejudgeSummary[]>;
  /** null also for a set of somebody else than `createdBy` (null = anybody). */
  find(id: string, createdBy: string | null): Promise<RejudgeDetail | null>;
  /** Keeps the result with the set; false when the lease is no longer held. */
  complete(lease: Lease, report: JudgeReport): Promise<boolean>;
  /**
   * Gives every submission of a set the result that was found, all or none of them; judge errors change nothing. Explanations
   * of the new results are looked for afterwards.
   */
  apply(id: string, atMs: number): Promise<RejudgeEnd>;
  /** Ends the set; what is being judged for it comes to nothing. */
  cancel(id: string, atMs: number): Promise<RejudgeEnd>;
}
