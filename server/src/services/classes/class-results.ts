/** What a class's submissions come to: one result per learner and problem, and what the class as a whole runs into. */
import type { Assignment, ClassMember, ClassResults, LearnerResult, MisconceptionCount } from "../../contract/index.ts";
import type { CountedSubmission } from "../../repositories/classes.ts";
import type { Catalog } from "../catalog/catalog.ts";

export interface ResultsOf {
  readonly learners: readonly ClassMember[];
  readonly assignments: readonly Assignment[];
  /** In the order in which each learner sent them. */
  readonly submissions: readonly CountedSubmission[];
  readonly nowMs: number;
}

export function classResults(catalog: Catalog, { learners, assignments, submissions, nowMs }: ResultsOf): ClassResults {
  const problems = problemsOf(assignments).map(({ problemId, dueAtMs }) => ({
    problemId,
    title: catalog.find(problemId)?.title ?? problemId,
    dueAtMs,
  }));
  const byLearner = Map.groupBy(submissions, ({ userId }) => userId);
  return {
    problems,
    learners: learners.map(({ id, name }) => {
      const byProblem = Map.groupBy(byLearner.get(id) ?? [], ({ problemId }) => problemId);
      const results = problems.map(({ problemId, dueAtMs }) =>
        resultOf(catalog, problemId, dueAtMs, byProblem.get(problemId) ?? [], nowMs),
      );
      return { id, name, results };
    }),
    ofClass: misconceptionsOf(catalog, submissions).map(({ title, count, from, problems: where }) => ({
      title,
      count,
      learners: from.size,
      problems: where.size,
    })),
    misconceptions: problems.flatMap(({ problemId }) => {
      const ofProblem = submissions.filter((submission) => submission.problemId === problemId);
      return misconceptionsOf(catalog, ofProblem).map(({ title, count, from }) => ({ problemId, title, count, learners: from.size }));
    }),
  };
}

/** Each problem once; of several due times the last one counts, and none is later than any. */
function problemsOf(assignments: readonly Assignment[]): { readonly problemId: string; readonly dueAtMs: number | null }[] {
  const due = new Map<string, number | null>();
  for (const { problemIds, dueAtMs } of assignments)
    for (const problemId of problemIds) {
      const before = due.get(problemId);
      due.set(problemId, before === undefined ? dueAtMs : before === null || dueAtMs === null ? null : Math.max(before, dueAtMs));
    }
  return [...due].map(([problemId, dueAtMs]) => ({ problemId, dueAtMs }));
}

function resultOf(
  catalog: Catalog,
  problemId: string,
  dueAtMs: number | null,
  submissions: readonly CountedSubmission[],
  nowMs: number,
): LearnerResult {
  let best: CountedSubmission | null = null;
  for (const submission of submissions) if (best === null || rank(submission) > rank(best)) best = submission;
  const firstSolvedAtMs = submissions.find(({ verdict }) => verdict === "accepted")?.createdAtMs ?? null;
  return {
    problemId,
    attempts: submissions.length,
    bestVerdict: best?.verdict ?? null,
    bestScore: best?.score ?? null,
    firstSolvedAtMs,
    isLate: dueAtMs !== null && (firstSolvedAtMs ?? nowMs) > dueAtMs,
    misconceptions: misconceptionsOf(catalog, submissions).map(({ title, count }) => ({ title, count })),
  };
}

function rank({ verdict, score }: CountedSubmission): number {
  return verdict === "accepted" ? Number.POSITIVE_INFINITY : score;
}

/** The most frequent first. A hint that the present pack does not know any more is called by its first line. */
function misconceptionsOf(
  catalog: Catalog,
  submissions: readonly CountedSubmission[],
): (MisconceptionCount & { readonly from: ReadonlySet<string>; readonly problems: ReadonlySet<string> })[] {
  const counts = new Map<string, { count: number; readonly from: Set<string>; readonly problems: Set<string> }>();
  for (const { problemId, hint, userId } of submissions) {
    if (hint === null) continue;
    const title = catalog.find(problemId)?.hintTitles.get(hint) ?? hint.trim().split("\n", 1)[0]!.slice(0, 80);
    const entry = counts.get(title) ?? { count: 0, from: new Set(), problems: new Set() };
    counts.set(title, entry);
    entry.count++;
    entry.from.add(userId);
    entry.problems.add(problemId);
  }
  return [...counts].map(([title, entry]) => ({ title, ...entry })).sort((a, b) => b.count - a.count || (a.title < b.title ? -1 : 1));
}
