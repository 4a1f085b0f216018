/** Judging anew: a set of submissions is judged without touching their results, looked at, and then applied or cancelled. */
import type { Verdict } from "@millrace/grader";

/** Which judged submissions; at least one property, all that are given must hold. */
export interface RejudgeFilter {
  readonly problemId?: string | undefined;
  /** The version of the pack that the present result is of. */
  readonly packVersion?: string | undefined;
  readonly verdict?: Verdict | undefined;
}

/** `judging` → `ready` → `applied`; `cancelled` instead of any but the last. */
export type RejudgeState = "judging" | "ready" | "applied" | "cancelled";

export interface RejudgeSummary {
  readonly id: string;
  readonly filter: RejudgeFilter;
  readonly state: RejudgeState;
  readonly total: number;
  readonly judged: number;
  /** Of the judged ones: verdict or score differ from the present result. */
  readonly changed: number;
  /** Of the judged ones: the judge itself failed. Applying leaves their results as they are. */
  readonly failed: number;
  readonly createdAtMs: number;
  /** When it was applied or cancelled. */
  readonly closedAtMs: number | null;
}

/** How many went from one verdict to another, or stayed. */
export interface RejudgeMove {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** A submission whose result would change, or did. */
export interface RejudgeChange {
  readonly submissionId: string;
  readonly problemId: string;
  readonly number: number;
  readonly from: { readonly verdict: string; readonly score: number; readonly packVersion: string };
  readonly to: { readonly verdict: string; readonly score: number; readonly packVersion: string };
}

export interface RejudgeDetail extends RejudgeSummary {
  /** Verdict by verdict, of what has been judged so far. */
  readonly moves: readonly RejudgeMove[];
  /** In the order of submission. */
  readonly changes: readonly RejudgeChange[];
}
