/** Errors of changed runs. */
import type { ErrorEntry } from "./entry.ts";

export const RUN_ERRORS = {
  CHANGE_REFUSED: {
    status: 400,
    message: "The changes do not fit the world that they are meant for.",
    hint: "Perhaps the problem has changed since they were made. Take back the change that is named.",
  },
  RUNS_ON_SERVER: {
    status: 409,
    message: "Answers to this problem run on the server only.",
    hint: "Press Run: the server runs the samples.",
  },
  WORLD_NOT_KEPT: {
    status: 409,
    message: "There is no world with this verdict that could be run again.",
    hint: "Only failures that may be shown are explained with a world, and only small ones are kept. Submit again, or change a sample world.",
  },
} as const satisfies Record<string, ErrorEntry>;
