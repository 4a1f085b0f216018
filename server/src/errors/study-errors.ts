/** Errors about lessons and about what is remembered. */
import type { ErrorEntry } from "./entry.ts";

export const STUDY_ERRORS = {
  LESSON_UNKNOWN: {
    status: 404,
    message: "There is no lesson with this id.",
    hint: "GET /api/lessons lists all of them.",
  },
  EDITORIAL_CLOSED: {
    status: 403,
    message: "The editorial opens once the problem is solved, or given up.",
    hint: "PUT /api/problems/:id/surrender gives it up.",
  },
  EDITORIAL_MISSING: {
    status: 404,
    message: "This problem has no editorial.",
    hint: "See `hasEditorial` of the problem.",
  },
  REVIEW_IN_FUTURE: {
    status: 400,
    message: "A review lies more than a day in the future. Nothing was stored.",
    hint: "The clock of this machine is wrong.",
  },
  REVIEWS_FULL: {
    status: 409,
    message: "There is no room for more reviews. Nothing was stored.",
    hint: "This browser keeps them all the same.",
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
