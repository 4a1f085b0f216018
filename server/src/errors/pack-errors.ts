/** Errors of packs that are brought in. */
import type { ErrorEntry } from "./entry.ts";

export const PACK_ERRORS = {
  PACK_UNKNOWN: {
    status: 404,
    message: "There is no pack with this id.",
    hint: "GET /api/packs lists yours.",
  },
  PACK_ARCHIVE: {
    status: 400,
    message: "This is no archive of a pack.",
    hint: "`npx millrace pack build <packDir>` makes one.",
  },
  PACK_TOO_LARGE: {
    status: 413,
    message: "The archive is larger than 32 MB.",
  },
  PACK_STATUS: {
    status: 409,
    message: "A pack goes from draft to beta, active and deprecated, and never back.",
  },
  PACK_NOT_PASSED: {
    status: 409,
    message: "Only a pack that has proved itself is served.",
    hint: "Wait for the end of its report, mend what it complains of and upload it anew.",
  },
  PACK_IN_USE: {
    status: 409,
    message: "Learners have begun or submitted to it, or a class has it assigned: it cannot be deleted.",
    hint: "Withdraw it: it is no longer listed then, and who has begun goes on.",
  },
  PACK_UNREADABLE: {
    status: 409,
    message: "This pack cannot be read: there is nothing to verify.",
    hint: "Mend what its `diagnostics` say and upload it anew.",
  },
  PACK_CONFLICT: {
    status: 409,
    message: "Another pack has a problem of the same id.",
  },
} as const satisfies Record<string, ErrorEntry>;
