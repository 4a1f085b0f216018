import { Diagnostic } from "../../base/diagnostic.ts";

/** A whole number of at least `min`, or a Diagnostic that names the setting. */
export function wholeNumber(value: number, what: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Diagnostic({
    code: "JOB_BAD_NUMBER",
    message: `${what} must be a whole number of at least ${min}${max === Number.MAX_SAFE_INTEGER ? "" : ` and at most ${max}`}, found ${value}.`,
    phase: "graph",
    found: String(value),
    expected: max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`,
  });
}
