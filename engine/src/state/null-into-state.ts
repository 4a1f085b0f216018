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
