/** A problem as learners see it. */
import type { AnswerForm, ProblemDetail, ProblemSummary, SampleWorld } from "../contract/index.ts";
import type { CatalogProblem } from "../services/catalog/catalog.ts";

/** What the judge computes for it: the sample worlds, and what is to be filled in. */
export interface Exhibits {
  readonly samples: readonly SampleWorld[];
  readonly form: AnswerForm | null;
}

/** How far somebody is with it; absent = not begun. */
export type Standing = Pick<ProblemSummary, "lastVerdict" | "bestScore">;

export function summarise(problem: CatalogProblem, standing: Standing | undefined): ProblemSummary {
  const { id, title, kind, languages, difficulty, minutes, section, topics, covers, followUp } = problem;
  const { lastVerdict, bestScore } = standing ?? { lastVerdict: null, bestScore: null };
  return { id, title, kind, languages, difficulty, minutes, section, topics, covers, followUp, lastVerdict, bestScore };
}

/** @param newerVersion what the learner may change to; null = nothing. */
export function viewProblem(
  problem: CatalogProblem,
  { samples, form }: Exhibits,
  standing: Standing | undefined,
  newerVersion: string | null = null,
): ProblemDetail {
  const { packId, version, statementHtml, followUps, starter, starterFunctions, given, jobLanguage, predecessor, hintsHtml } = problem;
  return {
    ...summarise(problem, standing),
    packId,
    version,
    newerVersion,
    statementHtml,
    followUps,
    starter,
    starterFunctions,
    given,
    jobLanguage,
    predecessor,
    samples,
    hintCount: hintsHtml.length,
    hintsHtml,
    hasEditorial: problem.editorialHtml !== null,
    form,
  };
}
