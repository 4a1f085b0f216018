import { accountTexts } from "../texts/accounts.ts";

/** Why a call to the server failed: its own error, or its absence. */
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

/** One sentence for the reader, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What one can do about it; null = nothing is known. The server's own hints speak to programs in part: then there is another one here, or none. */
export function hintOf(error: unknown): string | null {
  if (!(error instanceof ApiFailure)) return null;
  return error.code in accountTexts.hints ? accountTexts.hints[error.code] : error.hint;
}

/** Why, and what to do: message, hint, and when it makes sense to try again. */
export function adviceOf(error: unknown): string {
  const wait = error instanceof ApiFailure && error.retryAfterS !== null ? accountTexts.failure.wait(error.retryAfterS) : null;
  return [sentenceOf(error), hintOf(error), wait].filter((part) => part !== null).join(" ");
}
