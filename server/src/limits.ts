/** Sizes and counts that protect the service; all of them are far above what an honest learner needs. */

/** Largest text of a submission, in bytes of UTF-8. */
export const MAX_SUBMISSION_BYTES = 256 * 1024;

/** Changes of a world that is run again, and the JSON of a value that they add (the grader's MAX_VALUE_CHARS). */
export const MAX_WORLD_CHANGES = 40;
export const MAX_CHANGED_VALUE_CHARS = 4_000;

/** Largest request body kept in memory: JSON may need six bytes (`\u0000`) for one of the text. */
export const MAX_BODY_BYTES = 6 * MAX_SUBMISSION_BYTES + 4096;

/** A larger body is read and thrown away up to here, so that its sender gets an answer and not a reset connection. */
export const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** Largest archive of a pack; the grader's importer takes no larger one. */
export const MAX_PACK_BYTES = 32 * 1024 * 1024;

/** Packs that may wait to be verified; each takes minutes. */
export const MAX_PACKS_WAITING = 5;

/** Learners of a class, and its assignments. */
export const MAX_CLASS_MEMBERS = 1000;
export const MAX_ASSIGNMENTS = 200;

/** What a user may keep as drafts. */
export const DRAFT_LIMITS = { filesPerProblem: 16, bytesPerUser: 32 * 1024 * 1024 } as const;

/** Reviews that a user may have, some fifteen a day for ten years, and that one request may bring. */
export const MAX_REVIEWS_PER_USER = 50_000;
export const MAX_REVIEWS_AT_ONCE = 500;

/** Submissions of a lane that may wait or be judged at one time. */
export const MAX_QUEUED = { interactive: 200, batch: 1000 } as const;

/** Submissions of a rejudge set. */
export const MAX_REJUDGED = 5000;

/** Runs that go on side by side, and as many checks: one endless loop must not make everybody else wait for its end. */
export const RUNS_AT_ONCE = 2;

/** Runs and checks that may wait for a free place. */
export const MAX_WAITING_RUNS = 32;
