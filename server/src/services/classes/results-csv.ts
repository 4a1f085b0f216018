/** A class's results as a table of text: one line per learner and problem. */
import type { ClassResults } from "../../contract/index.ts";
import { toCsv } from "./csv.ts";

const HEAD = ["Learner", "Problem", "Best verdict", "Best score", "Attempts", "First solved at", "Due at", "Late", "Misconceptions"];

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

function timeText(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
