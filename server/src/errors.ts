/**
 * Every error an API client can get: stable code → HTTP status, sentence, hint. Codes are never reused. Routes and services throw
 * `ApiFailure`; the error plugin turns it, and anything else that was thrown, into an `ApiError`. Causes and stack traces stay in
 * the log.
 */
import type { ApiError } from "./contract/index.ts";
import { ACCOUNT_ERRORS } from "./errors/account-errors.ts";
import { CLASS_ERRORS } from "./errors/class-errors.ts";
import type { ErrorEntry } from "./errors/entry.ts";
import { PACK_ERRORS } from "./errors/pack-errors.ts";
import { RUN_ERRORS } from "./errors/run-errors.ts";
import { STUDY_ERRORS } from "./errors/study-errors.ts";
import { MAX_REJUDGED, MAX_SUBMISSION_BYTES } from "./limits.ts";

export const ERRORS = {
  ...ACCOUNT_ERRORS,
  ...CLASS_ERRORS,
  ...PACK_ERRORS,
  ...RUN_ERRORS,
  ...STUDY_ERRORS,
  SUBMISSION_EMPTY: {
    status: 400,
    message: "There is nothing to judge: the text is empty.",
    hint: "Write your answer in the editor, or load the starter text.",
  },
  SUBMISSION_TOO_LARGE: {
    status: 413,
    message: `The text is larger than ${MAX_SUBMISSION_BYTES / 1024} KB.`,
    hint: "A solution to any problem fits into a few KB. Leave data and generated code out.",
  },
  PROBLEM_UNKNOWN: {
    status: 404,
    message: "There is no problem with this id.",
    hint: "GET /api/problems lists all of them.",
  },
  VERSION_GONE: {
    status: 409,
    message: "This version of the problem cannot be chosen any more.",
    hint: "Open the problem again: it shows the one that you are at, and the newer one if there is one.",
  },
  SUBMISSION_UNKNOWN: {
    status: 404,
    message: "There is no submission with this id.",
    hint: "GET /api/problems/:id/submissions lists those of a problem.",
  },
  LANGUAGE_NOT_OFFERED: {
    status: 400,
    message: "This problem is not offered in that language.",
    hint: "See `languages` of the problem.",
  },
  FORM_NOT_OFFERED: {
    status: 404,
    message: "This problem is answered with a program; there is nothing to fill in.",
    hint: "See `languages` of the problem.",
  },
  DRAFT_UNKNOWN: {
    status: 404,
    message: "There is no draft of this name.",
    hint: "GET /api/problems/:id/drafts lists those of a problem.",
  },
  DRAFT_CHANGED: {
    status: 409,
    message: "Another text has been saved since. Nothing was saved.",
    hint: "Without `unlessChanged` it is saved, and the other text comes back.",
  },
  DRAFTS_FULL: {
    status: 409,
    message: "There is no room for more drafts. This one was not saved on the server.",
    hint: "A problem has room for 16 texts, a user for 32 MB. Delete some.",
  },
  HINT_UNKNOWN: {
    status: 404,
    message: "The problem has no hint of this number.",
    hint: "See `hintCount` of the problem.",
  },
  QUEUE_FULL: {
    status: 503,
    message: "Too many submissions are waiting. Nothing was stored.",
    hint: "Try again in a few seconds.",
    retryAfterS: 5,
  },
  BATCH_FULL: {
    status: 429,
    message: "Too many submissions of the batch lane are waiting. Nothing was stored.",
    hint: "Send the rest when those have been judged.",
    retryAfterS: 30,
  },
  REJUDGE_UNKNOWN: {
    status: 404,
    message: "There is no rejudge set with this id.",
    hint: "GET /api/rejudges lists all of them.",
  },
  REJUDGE_EMPTY: {
    status: 409,
    message: "No judged submission is like that: there is nothing to judge anew.",
  },
  REJUDGE_TOO_LARGE: {
    status: 409,
    message: `More than ${MAX_REJUDGED} submissions are like that.`,
    hint: "Choose fewer: give a problem, a version of its pack and a verdict.",
  },
  REJUDGE_NOT_READY: {
    status: 409,
    message: "This set is still being judged. Nothing was applied.",
    hint: "Wait until its `state` is `ready`.",
    retryAfterS: 5,
  },
  REJUDGE_STALE: {
    status: 409,
    message: "Results of this set's submissions have changed since it was made. Nothing was applied.",
    hint: "Cancel it and make a new one.",
  },
  REJUDGE_CLOSED: {
    status: 409,
    message: "This set has ended the other way: what was applied cannot be cancelled, nor the other way round.",
  },
  NOT_ALLOWED: {
    status: 403,
    message: "Only who sits at the server's own machine may do this.",
  },
  JUDGE_UNAVAILABLE: {
    status: 503,
    message: "The judge cannot run programs at the moment. This is our fault, not that of your program.",
    hint: "Try again; if it stays so, the server's log says why.",
    retryAfterS: 5,
  },
  BODY_INVALID: {
    status: 400,
    message: "The request does not have the expected form.",
    hint: "GET /api/docs shows what each route takes.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: "The request is larger than this route takes.",
  },
  BODY_NOT_JSON: {
    status: 415,
    message: "The body must be JSON.",
    hint: "Send it with the header `Content-Type: application/json`.",
  },
  HOST_FOREIGN: {
    status: 421,
    message: "This server answers only under the names of the machine it runs on.",
    hint: "Open it as http://127.0.0.1 or http://localhost, or set HOST to serve others.",
  },
  NOT_FOUND: {
    status: 404,
    message: "There is nothing at this address.",
  },
  INTERNAL: {
    status: 500,
    message: "Something went wrong on our side. Your submissions are safe.",
    hint: "Try again; the server's log has the details.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

interface FailureOptions extends ErrorOptions {
  /** Instead of the entry's. */
  readonly retryAfterS?: number;
}

/** The throwable form of a registry entry. `detail` replaces the general sentence where there is more to say. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly code: ErrorCode;
  /** undefined = trying again does not help. */
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, detail?: string, options: FailureOptions = {}) {
    super(detail ?? ERRORS[code].message, options);
    this.code = code;
    this.retryAfterS = options.retryAfterS ?? this.entry.retryAfterS;
  }

  get entry(): ErrorEntry {
    return ERRORS[this.code];
  }

  /** What goes over the wire. */
  get body(): ApiError {
    const { hint } = this.entry;
    const { retryAfterS } = this;
    return {
      code: this.code,
      ...(retryAfterS === undefined ? {} : { retryAfterS }),
      message: this.message,
      ...(hint === undefined ? {} : { hint }),
    };
  }
}
