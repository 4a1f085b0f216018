import { Diagnostic } from "../../base/diagnostic.ts";

/** For what a timestamp assigner returned instead of a number. */
export function badTimestamp(found: unknown): Diagnostic {
  return new Diagnostic({
    code: "WATERMARK_BAD_TIMESTAMP",
    phase: "runtime",
    message: "The timestamp assigner did not return a number of epoch milliseconds.",
    found: found === undefined || found === null || typeof found === "number" ? String(found) : `${typeof found} ${String(found)}`,
    expected: "a number, e.g. 1767225600000",
    hint: "Is the field spelled as in the record, and is it a number rather than a text?",
  });
}
