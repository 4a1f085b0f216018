/** A class's results as tables of text. */
import type { ClassResults } from "../../contract/index.ts";
import { toCsv } from "./csv.ts";

const HEAD = ["Learner", "Problem", "Best verdict", "Best score", "Attempts", "First solved at", "Due at", "Late", "Misconceptions"];

/** One line per learner and problem. */
export function resultsCsv({ problems, learners }: ClassResults): string {
  const rows = learners.flatMap(({ name, results }) =>
    results.map((result, i) => [
      name,
      problems[i]!.title,
      result.bestVerdict,
      result.bestScore,
      result.attempts,
      timeText(result.firstSolvedAtMs),
      timeText(problems[i]!.dueAtMs),
      result.isLate ? "late" : null,
      result.misconceptions.map(({ title, count }) => `${title} ×${count}`).join("; ") || null,
    ]),
  );
  return toCsv([HEAD, ...rows]);
}

/** One line per misconception of each problem, behind them one per misconception of the class as a whole. */
export function misconceptionsCsv({ problems, misconceptions, ofClass }: ClassResults): string {
  const titles = new Map(problems.map(({ problemId, title }) => [problemId, title]));
  const rows = [
    ...misconceptions.map(({ problemId, title, learners, count }) => [titles.get(problemId) ?? problemId, title, learners, count]),
    ...ofClass.map(({ title, learners, count }) => ["(all)", title, learners, count]),
  ];
  return toCsv([["Problem", "Misconception", "Learners", "Times"], ...rows]);
}

function timeText(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
