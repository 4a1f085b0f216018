import { Diagnostic } from "../base/diagnostic.ts";

/** Lists, reductions and aggregates take values only; nothing is not a value (as in Flink). */
export function nullIntoState(what: string): Diagnostic {
  return new Diagnostic({
    code: "STATE_NULL_ADDED",
    phase: "runtime",
    message: `You cannot add null to a ${what}.`,
    found: "null or undefined",
    expected: "a value",
    hint: "Is a field of the record missing? Check it before adding, or call clear() to empty the state.",
  });
}

/** The same where a list or map of values is wanted: gives it, or throws Diagnostic STATE_NULL_ADDED. */
export function requireValues<V>(values: V, what: "List" | "Map"): V {
  if (values !== null && values !== undefined) return values;
  throw new Diagnostic({
    code: "STATE_NULL_ADDED",
    phase: "runtime",
    message: `${what} of values to add cannot be null.`,
    found: "null or undefined",
    expected: what === "Map" ? "a Map" : "an array or anything else that can be iterated",
  });
}

/** Storing nothing in a list or a reduction is an error, as in Flink. */
export function rejectNull(value: unknown, what: string): void {
  if (value === null || value === undefined) throw nullIntoState(what);
}
