/** One world's verdict: what the run ended with, its committed output, its state. */
import type { RunOutcome } from "@millrace/engine/sim";
import type { Verdict } from "../judge/verdict.ts";
import type { OutputSpec } from "../pack/problem.ts";
import { compareTopic, type TopicComparison } from "./compare-topic.ts";
import { rowsOf } from "./rows.ts";

export interface WorldCheck {
  readonly verdict: Verdict;
  /** Per compared topic; empty when the run did not end well. */
  readonly topics: readonly TopicComparison[];
  /** Set when `state-too-large`. */
  readonly state: { readonly peakBytes: number; readonly referenceBytes: number } | null;
}

export function checkOutcome(
  outputs: readonly OutputSpec[],
  reference: RunOutcome,
  outcome: RunOutcome,
  stateRatio: number | null,
): WorldCheck {
  const ended = verdictOfEnd(outcome);
  if (ended !== null) return { verdict: ended, topics: [], state: null };
  const topics = outputs.map((spec) =>
    compareTopic(spec, rowsOf(reference, spec.topic, spec.columns).committed, rowsOf(outcome, spec.topic, spec.columns).committed),
  );
  const result = verdictOfRows(topics.filter((topic) => topic.spec.role === "result"));
  if (result !== null) return { verdict: result, topics, state: null };
  if (topics.some((topic) => topic.differences.length > 0)) return { verdict: "late-data", topics, state: null };
  if (stateRatio !== null && outcome.peakStateBytes > reference.peakStateBytes * stateRatio) {
    return { verdict: "state-too-large", topics, state: { peakBytes: outcome.peakStateBytes, referenceBytes: reference.peakStateBytes } };
  }
  return { verdict: "accepted", topics, state: null };
}

/** null when the job ended as it should. */
export function verdictOfEnd(outcome: RunOutcome): Verdict | null {
  const code = outcome.failure?.code ?? "";
  switch (outcome.status) {
    case "finished":
      return null;
    case "rejected":
      return code === "JOB_USER_EXCEPTION" ? "runtime-error" : "compile-error";
    case "failed":
      return code.startsWith("RESTORE_") ? "restore-failed" : "runtime-error";
    case "limit":
      if (code === "LIMIT_OUTPUT") return "output-limit";
      return code === "LIMIT_RESTARTS" ? "runtime-error" : "time-limit";
  }
}

/**
 * Only missing rows: lost. Only rows that are there too often (and missing ones): lost before duplicate, by precedence. As soon as a row
 * has other values or an identity that the reference does not know, the output is wrong rather than incomplete.
 */
function verdictOfRows(topics: readonly TopicComparison[]): Verdict | null {
  const kinds = new Set(topics.flatMap((topic) => topic.differences.map((difference) => difference.kind)));
  if (kinds.size === 0) return null;
  if (kinds.has("changed") || kinds.has("unexpected") || kinds.has("reordered")) return "wrong-output";
  return kinds.has("missing") ? "lost-records" : "duplicate-records";
}
