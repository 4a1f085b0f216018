/** Calls that learners make, one function per route of the contract. */
import type {
  AnswerForm,
  CheckResult,
  Editorial,
  LessonDetail,
  LessonSummary,
  ProblemDetail,
  ProblemList,
  Progress,
  Review,
  SampleReport,
  StudyCard,
  SubmissionBody,
  SubmissionDetail,
  SubmissionSummary,
  TypeFiles,
} from "@millrace/server/contract";
import { type Caller, caller, post } from "./call.ts";

export { ApiFailure, sentenceOf } from "./failure.ts";

export interface Api {
  problems(): Promise<ProblemList>;
  problem(id: string): Promise<ProblemDetail>;
  /** Begins with the version that was shown, or changes to the newer one. */
  chooseVersion(problem: string, version: string): Promise<void>;
  /** A variation of a question; counts from 0. */
  form(problem: string, variation: number): Promise<AnswerForm>;
  run(problem: string, answer: SubmissionBody): Promise<SampleReport>;
  check(problem: string, answer: SubmissionBody, signal?: AbortSignal): Promise<CheckResult>;
  submit(problem: string, answer: SubmissionBody): Promise<SubmissionSummary>;
  submissions(problem: string): Promise<readonly SubmissionSummary[]>;
  submission(id: string): Promise<SubmissionDetail>;
  types(): Promise<TypeFiles>;
  progress(): Promise<Progress>;
  /** A hint, counted from 1, was opened. */
  openedHint(problem: string, number: number): Promise<void>;
  /** What there is to say about a problem; rejects with EDITORIAL_CLOSED unless it is solved or given up. */
  editorial(problem: string): Promise<Editorial>;
  surrender(problem: string): Promise<void>;
  cards(): Promise<readonly StudyCard[]>;
  lessons(): Promise<readonly LessonSummary[]>;
  lesson(id: string): Promise<LessonDetail>;
  reviews(): Promise<readonly Review[]>;
  addReviews(reviews: readonly Review[]): Promise<void>;
}

/** The real thing. Tests hand in a caller with their own `fetcher`. */
export function createApi({ call }: Pick<Caller, "call"> = caller): Api {
  const id = encodeURIComponent;
  return {
    problems: () => call("/problems"),
    problem: (problem) => call(`/problems/${id(problem)}`),
    chooseVersion: (problem, version) => call(`/problems/${id(problem)}/version`, post({ version }, "PUT"), { background: true }),
    form: (problem, variation) => call(`/problems/${id(problem)}/form?variation=${variation}`),
    run: (problem, answer) => call(`/problems/${id(problem)}/run`, post(answer)),
    check: (problem, answer, signal) => call(`/problems/${id(problem)}/check`, { ...post(answer), signal }, { background: true }),
    submit: (problem, answer) => call(`/problems/${id(problem)}/submissions`, post(answer)),
    submissions: (problem) => call(`/problems/${id(problem)}/submissions`),
    submission: (submission) => call(`/submissions/${id(submission)}`),
    types: () => call("/types"),
    progress: () => call("/progress"),
    openedHint: (problem, number) => call(`/problems/${id(problem)}/hints/${number}`, { method: "PUT" }, { background: true }),
    editorial: (problem) => call(`/problems/${id(problem)}/editorial`),
    surrender: (problem) => call(`/problems/${id(problem)}/surrender`, { method: "PUT" }),
    cards: () => call("/cards"),
    lessons: () => call("/lessons"),
    lesson: (lesson) => call(`/lessons/${id(lesson)}`),
    reviews: () => call("/reviews"),
    addReviews: (reviews) => call("/reviews", post({ reviews }), { background: true }),
  };
}

export const api = createApi();
