/**
 * Which questions a mock interview asks. The same seed, length, sections and catalogue give the same set.
 *
 * Sections take turns in an order of chance, and the difficulty rises as time goes by: each turn takes a problem of its section that still fits into the time and
 * whose difficulty is closest to what is wanted by then. Where a problem has a follow-up that fits as well, the requirement changes: once for certain, if the chosen
 * sections have any such problem, and now and then after that.
 */
import type { ProblemSummary } from "@millrace/server/contract";
import { seeded, shuffled } from "./seeded.ts";

export const INTERVIEW_LENGTHS_MIN = [30, 45, 60, 90] as const;

export interface InterviewWish {
  readonly seed: number;
  readonly minutes: number;
  /** Numbers of sections; empty = all. */
  readonly sections: readonly number[];
}

export interface PlannedQuestion {
  readonly problem: string;
  /** The sentence with which the requirement of the question before changes; null = a new question. */
  readonly change: string | null;
}

const EASIEST = 2;
const HARDEST = 4;
/** How often a change follows where it could, after the first. */
const CHANGE_SHARE = 0.4;

export function planInterview(problems: readonly ProblemSummary[], { seed, minutes, sections }: InterviewWish): readonly PlannedQuestion[] {
  const chance = seeded(seed);
  const inside = problems.filter((problem) => sections.length === 0 || sections.includes(problem.section));
  const turns = shuffled([...new Set(inside.map(({ section }) => section))], chance);
  const pool = shuffled(inside, chance);
  const byId = new Map(problems.map((problem) => [problem.id, problem]));
  const questions: PlannedQuestion[] = [];
  const used = new Set<string>();
  let leftMin = minutes;
  let changes = 0;
  let misses = 0;

  /** What the problem becomes, if there is time for both. */
  const followUpOf = (problem: ProblemSummary) => {
    const next = problem.followUp === null ? undefined : byId.get(problem.followUp.problemId);
    return next !== undefined && !used.has(next.id) && problem.minutes + next.minutes <= leftMin ? next : null;
  };
  const changing = pool.find((problem) => followUpOf(problem) !== null);
  // A set without any change of the requirement would be no interview: it begins in a section in which there is one.
  if (changing !== undefined) turns.unshift(...turns.splice(turns.indexOf(changing.section), 1));

  for (let turn = 0; misses < turns.length; turn++) {
    const section = turns[turn % turns.length];
    const wanted = EASIEST + (HARDEST - EASIEST) * (1 - leftMin / minutes);
    const fitting = pool.filter((problem) => problem.section === section && !used.has(problem.id) && problem.minutes <= leftMin);
    const withChange = changes === 0 ? fitting.filter((problem) => followUpOf(problem) !== null) : [];
    const candidates = withChange.length > 0 ? withChange : fitting;
    if (candidates.length === 0) {
      misses++;
      continue;
    }
    misses = 0;
    const question = candidates.reduce((best, problem) =>
      Math.abs(problem.difficulty - wanted) < Math.abs(best.difficulty - wanted) ? problem : best,
    );
    const next = followUpOf(question);
    questions.push({ problem: question.id, change: null });
    used.add(question.id);
    leftMin -= question.minutes;
    if (next !== null && question.followUp !== null && (changes === 0 || chance.next() < CHANGE_SHARE)) {
      questions.push({ problem: next.id, change: question.followUp.change });
      used.add(next.id);
      leftMin -= next.minutes;
      changes++;
    }
  }
  return questions;
}
