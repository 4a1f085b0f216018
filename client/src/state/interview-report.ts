/** An interview, section by section: what was solved, how long it took, what went wrong, and what to practise next. Pure. */
import type { LessonSummary, ProblemSummary, SectionSummary } from "@millrace/server/contract";
import type { InterviewQuestion, Misconception, QuestionOutcome } from "./interview.svelte.ts";

export interface ReportedQuestion {
  readonly problem: ProblemSummary;
  readonly change: string | null;
  readonly spentMs: number;
  readonly hintsOpened: number;
  readonly outcome: QuestionOutcome | null;
}

export interface SectionReport {
  readonly section: SectionSummary;
  readonly questions: readonly ReportedQuestion[];
  readonly solved: number;
  readonly spentMs: number;
  /** What a prepared candidate takes for the same questions. */
  readonly expectedMs: number;
  readonly misconceptions: readonly Misconception[];
  /** Problems to go on with: what was not solved, then one step further. */
  readonly next: readonly ProblemSummary[];
  readonly lesson: LessonSummary | null;
}

export interface InterviewReport {
  readonly solved: number;
  readonly asked: number;
  /** Questions for which there was no time. */
  readonly notAsked: number;
  /** Those with something unsolved first. */
  readonly sections: readonly SectionReport[];
  readonly isPending: boolean;
}

const NEXT_PER_SECTION = 2;

export interface ReportSources {
  readonly problems: readonly ProblemSummary[];
  readonly sections: readonly SectionSummary[];
  readonly lessons: readonly LessonSummary[];
}

export function interviewReport(
  questions: readonly Omit<InterviewQuestion, "before">[],
  { problems, sections, lessons }: ReportSources,
): InterviewReport {
  const byId = new Map(problems.map((problem) => [problem.id, problem]));
  const asked = questions.flatMap((question): ReportedQuestion[] => {
    const problem = byId.get(question.problem);
    if (problem === undefined || question.askedAtMs === null) return [];
    const { change, spentMs, hintsOpened, outcome } = question;
    return [{ problem, change, spentMs, hintsOpened, outcome }];
  });
  const reports = sections.flatMap((section): SectionReport[] => {
    const inside = asked.filter(({ problem }) => problem.section === section.number);
    if (inside.length === 0) return [];
    return [
      {
        section,
        questions: inside,
        solved: inside.filter(isSolved).length,
        spentMs: inside.reduce((sum, { spentMs }) => sum + spentMs, 0),
        expectedMs: inside.reduce((sum, { problem }) => sum + problem.minutes * 60_000, 0),
        misconceptions: distinct(inside.flatMap(({ outcome }) => outcome?.misconceptions ?? [])),
        next: nextOf(inside, problems),
        lesson: lessons.find((lesson) => lesson.section === section.number) ?? null,
      },
    ];
  });
  return {
    solved: asked.filter(isSolved).length,
    asked: asked.length,
    notAsked: questions.length - asked.length,
    sections: reports.sort((a, b) => missed(b) - missed(a) || a.section.number - b.section.number),
    isPending: asked.some(({ outcome }) => outcome === null || outcome.isPending),
  };
}

const distinct = (all: readonly Misconception[]) => [...new Map(all.map((each) => [each.text, each])).values()];
const isSolved = ({ outcome }: ReportedQuestion) => outcome?.isSolved === true;
const missed = ({ questions, solved }: SectionReport) => questions.length - solved;

function nextOf(inside: readonly ReportedQuestion[], problems: readonly ProblemSummary[]): ProblemSummary[] {
  const unsolved = inside.filter((question) => !isSolved(question)).map(({ problem }) => problem);
  const { section } = inside[0].problem;
  const hardest = Math.max(...inside.filter(isSolved).map(({ problem }) => problem.difficulty), 0);
  const others = problems
    .filter(
      (problem) => problem.section === section && problem.lastVerdict !== "accepted" && !inside.some((q) => q.problem.id === problem.id),
    )
    // Closest above what was solved; with nothing solved, the easiest.
    .sort((a, b) => Number(a.difficulty < hardest) - Number(b.difficulty < hardest) || a.difficulty - b.difficulty);
  return [...unsolved, ...others].slice(0, Math.max(NEXT_PER_SECTION, unsolved.length));
}
