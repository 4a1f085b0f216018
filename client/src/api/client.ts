/** Calls to the server, one function per route of the contract. Every failure is an ApiFailure: either the server's own error or its absence. */
import type {
  AnswerForm,
  ApiError,
  CheckResult,
  LessonDetail,
  LessonSummary,
  ProblemDetail,
  ProblemList,
  Review,
  SampleReport,
  StudyCard,
  SubmissionBody,
  SubmissionDetail,
  SubmissionSummary,
  TypeFiles,
} from "@millrace/server/contract";
import { texts } from "../texts/en.ts";

export class ApiFailure extends Error {
  /** HTTP status; 0 = no answer at all. */
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  /** Seconds after which the server would have it tried again; null = it does not say. */
  readonly retryAfterS: number | null;

  constructor(status: number, code: string, message: string, hint: string | null = null, retryAfterS: number | null = null) {
    super(message);
    this.name = "ApiFailure";
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.retryAfterS = retryAfterS;
  }

  /** True when trying again later may help: no answer, the server (or what stands before it) is not itself, or too much waits there. */
  get away(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export interface Api {
  problems(): Promise<ProblemList>;
  problem(id: string): Promise<ProblemDetail>;
  /** A variation of a question; counts from 0. */
  form(problem: string, variation: number): Promise<AnswerForm>;
  run(problem: string, answer: SubmissionBody): Promise<SampleReport>;
  check(problem: string, answer: SubmissionBody, signal?: AbortSignal): Promise<CheckResult>;
  submit(problem: string, answer: SubmissionBody): Promise<SubmissionSummary>;
  submissions(problem: string): Promise<readonly SubmissionSummary[]>;
  submission(id: string): Promise<SubmissionDetail>;
  types(): Promise<TypeFiles>;
  cards(): Promise<readonly StudyCard[]>;
  lessons(): Promise<readonly LessonSummary[]>;
  lesson(id: string): Promise<LessonDetail>;
  reviews(): Promise<readonly Review[]>;
  addReviews(reviews: readonly Review[]): Promise<void>;
}

/** The real thing, over fetch. Tests hand in their own `fetcher`. */
export function createApi(fetcher: typeof fetch = (input, init) => fetch(input, init)): Api {
  async function call<T>(path: string, init?: RequestInit): Promise<T> {
    let response: Response;
    try {
      response = await fetcher(`/api${path}`, init);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiFailure(0, "NETWORK_AWAY", texts.errors.network);
    }
    const body = await bodyOf(response);
    if (response.ok) return body as T;
    if (isApiError(body)) throw new ApiFailure(response.status, body.code, body.message, body.hint ?? null, body.retryAfterS ?? null);
    throw new ApiFailure(response.status, "SERVER_STATUS", texts.errors.server(response.status));
  }
  const post = (value: unknown, signal?: AbortSignal): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
    signal,
  });
  const id = encodeURIComponent;
  return {
    problems: () => call("/problems"),
    problem: (problem) => call(`/problems/${id(problem)}`),
    form: (problem, variation) => call(`/problems/${id(problem)}/form?variation=${variation}`),
    run: (problem, answer) => call(`/problems/${id(problem)}/run`, post(answer)),
    check: (problem, answer, signal) => call(`/problems/${id(problem)}/check`, post(answer, signal)),
    submit: (problem, answer) => call(`/problems/${id(problem)}/submissions`, post(answer)),
    submissions: (problem) => call(`/problems/${id(problem)}/submissions`),
    submission: (submission) => call(`/submissions/${id(submission)}`),
    types: () => call("/types"),
    cards: () => call("/cards"),
    lessons: () => call("/lessons"),
    lesson: (lesson) => call(`/lessons/${id(lesson)}`),
    reviews: () => call("/reviews"),
    addReviews: (reviews) => call("/reviews", post({ reviews })),
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.status === 204) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: a proxy's error page. The status says enough; a success without JSON is a broken server.
    if (response.ok) throw new ApiFailure(response.status, "SERVER_ANSWER", texts.errors.server(response.status));
    return null;
  }
}

function isApiError(body: unknown): body is ApiError {
  return body !== null && typeof body === "object" && "code" in body && "message" in body && typeof body.message === "string";
}

/** One sentence for the reader, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const api = createApi();
