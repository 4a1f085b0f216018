/** The texts that learners are at, per user, problem and file. The last writer wins. */
import type { Draft, SavedDraft } from "../contract/index.ts";

export interface DraftPlace {
  readonly userId: string;
  readonly problemId: string;
  readonly file: string;
}

export interface NewDraft extends DraftPlace {
  readonly text: string;
  /** The revision that the text was made from; null = unknown. */
  readonly baseRevision: number | null;
  /** Nothing is saved when another text than the one of `baseRevision` is there. Default false. */
  readonly unlessChanged?: boolean;
  readonly savedAtMs: number;
}

export interface DraftLimits {
  readonly filesPerProblem: number;
  readonly bytesPerUser: number;
}

export interface DraftRepository {
  /** Of one problem, by name. */
  list(userId: string, problemId: string): Promise<readonly Draft[]>;
  find(place: DraftPlace): Promise<Draft | null>;
  /** `full` = the user's room is used up, `changed` = see `unlessChanged`; nothing was changed then. */
  save(draft: NewDraft, limits: DraftLimits): Promise<SavedDraft | "full" | "changed">;
  remove(place: DraftPlace): Promise<boolean>;
}
