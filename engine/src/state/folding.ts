/** What states that fold values do alike in every backend. */
import { Diagnostic } from "../base/diagnostic.ts";
import type { AggregateFunction } from "./folding-functions.ts";

/** A function that forgot its `return` leaves null, since undefined would mean that there is no value. */
export function held<T>(value: T): T {
  return value === undefined ? (null as T) : value;
}

/** @throws Diagnostic AGGREGATE_WITHOUT_MERGE when the function cannot merge. */
export function mergeAccumulators<IN, ACC, OUT>(aggregate: AggregateFunction<IN, ACC, OUT>, left: ACC, right: ACC): ACC {
  if (typeof aggregate.merge !== "function") {
    throw new Diagnostic({
      code: "AGGREGATE_WITHOUT_MERGE",
      message: "Two session windows have to be merged, but the AggregateFunction has no merge method.",
      phase: "runtime",
      expected: "merge(a, b) that returns the accumulator of both windows",
      hint: "Add a merge method to the AggregateFunction; session windows need it.",
    });
  }
  return aggregate.merge(left, right);
}
