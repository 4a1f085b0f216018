/** Errors of classes and assignments. */
import type { ErrorEntry } from "./entry.ts";

export const CLASS_ERRORS = {
  CLASS_UNKNOWN: {
    status: 404,
    message: "There is no class with this id.",
    hint: "GET /api/classes lists yours.",
  },
  CLASS_CODE_UNKNOWN: {
    status: 404,
    message: "No class has this code.",
    hint: "Ask your instructor for the present one.",
  },
  CLASS_FULL: {
    status: 409,
    message: "This class takes no more learners.",
  },
  INSTRUCTOR_UNKNOWN: {
    status: 404,
    message: "No instructor has this name.",
    hint: "Only users who are instructors or administrators can lead a class.",
  },
  CLASS_NOT_OWNED: {
    status: 403,
    message: "Only who owns the class may do this, not who leads it with them.",
  },
  ASSIGNMENT_UNKNOWN: {
    status: 404,
    message: "The class has no assignment with this id.",
  },
} as const satisfies Record<string, ErrorEntry>;
