/** What a learner has done so far, and the texts they are at, so that they can go on at another machine. */

export interface ProblemProgress {
  readonly problemId: string;
  /** First run, submission or hint. */
  readonly startedAtMs: number;
  readonly lastAtMs: number;
  /** Runs of the samples. */
  readonly runs: number;
  /** Submissions with a verdict; judge errors do not count. */
  readonly attempts: number;
  readonly lastVerdict: string | null;
  readonly bestScore: number | null;
  /** When the first accepted submission was sent; null = not solved. */
  readonly solvedAtMs: number | null;
  /** When the problem was given up, so that its editorial may be read; null = it was not. */
  readonly surrenderedAtMs: number | null;
  /** Numbers of hints, from 1, in the order in which they were opened. */
  readonly hintsOpened: readonly number[];
}

export interface Progress {
  /** Problems that something was done about, the latest first. */
  readonly problems: readonly ProblemProgress[];
}

/** What there is to say about a problem once it is solved, or given up. */
export interface Editorial {
  /** Rendered on the server, sanitised. */
  readonly html: string;
}

export interface Draft {
  /** Name of the text, e.g. `sql` or `functions`. */
  readonly file: string;
  readonly text: string;
  /** Grows with every change. */
  readonly revision: number;
  readonly savedAtMs: number;
}

export interface DraftBody {
  /** At most 256 KB. */
  readonly text: string;
  /** The revision that the text was made from; absent = unknown. */
  readonly baseRevision?: number | undefined;
  /** Nothing is saved when another text has been saved since: whoever leaves could not look at it. Default false. */
  readonly unlessChanged?: boolean | undefined;
}

/** The last writer wins; what another machine had saved in between comes back, so that it can be offered. */
export interface SavedDraft {
  readonly revision: number;
  readonly savedAtMs: number;
  /** null = nothing else was overwritten. */
  readonly overwritten: Draft | null;
}
