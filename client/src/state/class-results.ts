/** A class's results as a table: learners by problems, with the sum of each learner and what the class runs into. */
import type { ClassResults, LearnerResult } from "@millrace/server/contract";

export interface ResultRow {
  readonly id: string;
  readonly name: string;
  /** In the order of the problems. */
  readonly results: readonly LearnerResult[];
  /** Of the best scores. */
  readonly sum: number;
}

export interface Misconception {
  readonly title: string;
  readonly problemId: string;
  readonly learners: number;
  readonly count: number;
}

/** Over all problems. */
export interface ClassMisconception {
  readonly title: string;
  readonly learners: number;
  readonly count: number;
  readonly problems: number;
}

export interface ResultTable {
  readonly problems: ClassResults["problems"];
  readonly rows: readonly ResultRow[];
  /** How many learners have solved each problem. */
  readonly solvedBy: readonly number[];
  /** The one that most learners ran into first. */
  readonly misconceptions: readonly Misconception[];
  /** The one that most learners ran into first. */
  readonly ofClass: readonly ClassMisconception[];
}

function byLearners(a: ClassMisconception | Misconception, b: ClassMisconception | Misconception): number {
  return b.learners - a.learners || b.count - a.count || (a.title < b.title ? -1 : 1);
}

export function tableOf({ problems, learners, misconceptions, ofClass }: ClassResults): ResultTable {
  return {
    problems,
    rows: learners.map(({ id, name, results }) => ({
      id,
      name,
      results,
      sum: results.reduce((total, { bestScore }) => total + (bestScore ?? 0), 0),
    })),
    solvedBy: problems.map((_, at) => learners.filter(({ results }) => results[at]?.firstSolvedAtMs != null).length),
    misconceptions: [...misconceptions].sort(byLearners),
    ofClass: [...ofClass].sort(byLearners),
  };
}
