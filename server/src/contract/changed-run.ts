/** A run that has been seen, in a world that is a little different: what the stage asks for. */
import type { WorldChange } from "@millrace/grader";
import type { SubmissionBody } from "./index.ts";

export type { ChangedRun, PlacedRecord, WorldChange } from "@millrace/grader";

/** Of a sample world: the text comes along, as with Run. */
export interface ChangedSampleBody extends Pick<SubmissionBody, "language" | "text" | "functions"> {
  /** Which sample, from 0. */
  readonly sample: number;
  /** At most 40. */
  readonly changes: readonly WorldChange[];
}

/** Of the smallest world that a verdict was explained with: the submission's own text runs. */
export interface ChangedSubmissionBody {
  readonly changes: readonly WorldChange[];
}
