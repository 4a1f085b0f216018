import { Diagnostic } from "../../../base/diagnostic.ts";

/** Gives the gap after a record, in ms (Flink: `SessionWindowTimeGapExtractor`). (Flink: docs/dev/datastream/operators/windows) */
export interface SessionWindowTimeGapExtractor<T> {
  /** How long the session stays open after this record, in milliseconds; above 0. */
  extract(element: T): number;
}
export type SessionGapLike<T> = SessionWindowTimeGapExtractor<T> | ((element: T) => number);

/** @throws Diagnostic SESSION_GAP_NOT_POSITIVE */
export function gapOf<T>(extractor: SessionWindowTimeGapExtractor<T>, element: T): number {
  const gapMs = extractor.extract(element);
  if (gapMs > 0) return gapMs;
  throw new Diagnostic({
    code: "SESSION_GAP_NOT_POSITIVE",
    message: "Dynamic session time gap must satisfy 0 < gap",
    phase: "runtime",
    found: String(gapMs),
    expected: "a positive number of milliseconds",
  });
}
