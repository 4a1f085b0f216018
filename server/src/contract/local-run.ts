/** Programs that run in the browser of who writes them: all that it takes. Types of the guest's own are the grader's. */
import type { LocalProgram, RunKit, ShownWorld } from "@millrace/grader";
import type { SubmissionBody } from "./index.ts";

export type { LocalProgram, RunKit, ShownWorld } from "@millrace/grader";

export interface RunKitAnswer {
  /** Names the scripts under /runner/:guest/. */
  readonly guest: string;
  /** Of the problem. */
  readonly version: string;
  /** null = samples of this problem run on the server only. */
  readonly kit: RunKit | null;
}

export interface ProgramAnswer extends LocalProgram {
  /** Of the problem; another one than the kit's: fetch the kit again. */
  readonly version: string;
}

/** What is to be made a program; types are checked by `check`. */
export type ProgramBody = Pick<SubmissionBody, "language" | "text" | "functions">;

/** The smallest world of a verdict, and the program that was judged, to be run again. */
export interface SubmissionWorld extends ShownWorld {
  readonly guest: string;
  readonly limits: RunKit["limits"];
  readonly program: LocalProgram;
}
