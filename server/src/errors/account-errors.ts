/** Errors of log-in, roles and users. */
import type { ErrorEntry } from "./entry.ts";

export const ACCOUNT_ERRORS = {
  LOGIN_REQUIRED: {
    status: 401,
    message: "You are not logged in, or your session is over.",
    hint: "POST /api/session logs in. What you have not sent yet is still in your browser.",
  },
  LOGIN_FAILED: {
    status: 401,
    message: "User name and password do not belong together.",
  },
  ROLE_REQUIRED: {
    status: 403,
    message: "Your role does not allow this.",
  },
  CSRF_STALE: {
    status: 403,
    message: "The request does not carry the token of this session.",
    hint: "GET /api/session tells the token; send it as header x-millrace-csrf. After a new log-in there is a new one.",
  },
  ORIGIN_FOREIGN: {
    status: 403,
    message: "The request comes from a page of another site.",
  },
  ACCOUNTS_OFF: {
    status: 409,
    message: "This server has one user only and nobody logs in.",
    hint: "Start it with MILLRACE_ACCOUNTS=on to have accounts.",
  },
  REGISTRATION_CLOSED: {
    status: 403,
    message: "Accounts are made by invitation here.",
    hint: "Ask your instructor for one.",
  },
  INVITATION_UNKNOWN: {
    status: 404,
    message: "This invitation was used already, is over, or never was.",
    hint: "Ask for a new one.",
  },
  PASSWORD_LINK_UNKNOWN: {
    status: 404,
    message: "This link was used already, is over, or never was.",
    hint: "Ask an administrator for a new one.",
  },
  PASSWORD_WRONG: {
    status: 403,
    message: "The present password is another one.",
  },
  PASSWORD_WEAK: {
    status: 400,
    message: "A password has 10 to 256 characters.",
    hint: "Four words that have nothing to do with each other make a good one.",
  },
  NAME_INVALID: {
    status: 400,
    message: "A user name has 1 to 64 characters: letters, digits, spaces and . _ @ + ' -, and begins with a letter or digit.",
  },
  NAME_TAKEN: {
    status: 409,
    message: "There is a user of this name.",
  },
  USER_UNKNOWN: {
    status: 404,
    message: "There is no user with this id.",
    hint: "GET /api/users lists all of them.",
  },
  ADMIN_LAST: {
    status: 409,
    message: "Nobody would be left to administer this server. Nothing was changed.",
  },
  RATE_LIMITED: {
    status: 429,
    message: "That was too often in a short time. Nothing was done.",
    hint: "Try again when the time in Retry-After is over.",
  },
} as const satisfies Record<string, ErrorEntry>;
