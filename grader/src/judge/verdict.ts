/**
 * Verdicts in the order of precedence: the first that applies to any world is the submission's (design.md §5). Codes are stable.
 */
export const VERDICTS = [
  "judge-error",
  "compile-error",
  "memory-limit",
  "time-limit",
  "output-limit",
  "runtime-error",
  "restore-failed",
  "lost-records",
  "duplicate-records",
  "wrong-output",
  "late-data",
  "nondeterministic",
  "state-too-large",
  "too-slow",
  "accepted",
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** The more serious of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) <= VERDICTS.indexOf(b) ? a : b;
}
