/** What learners have done about problems: their submissions, the runs that were counted, the hints they have opened. */
import type { ProblemProgress } from "../contract/index.ts";

export interface ProgressRepository {
  /** The latest first. */
  list(userId: string): Promise<readonly ProblemProgress[]>;
  /** Counts a run. */
  ran(userId: string, problemId: string, atMs: number): Promise<void>;
  /** Opening twice is as once. */
  openedHint(userId: string, problemId: string, number: number, atMs: number): Promise<void>;
  /** Gives a problem up; the first time counts. */
  surrendered(userId: string, problemId: string, atMs: number): Promise<void>;
}
