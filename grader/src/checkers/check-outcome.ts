/** One world's verdict: what the run ended with, its committed output, its state. */
import type { RunOutcome, World } from "@millrace/engine/sim";
import { type Verdict, worse } from "../judge/verdict.ts";
import type { Problem } from "../pack/problem.ts";
import { compareTopic, type TopicComparison } from "./compare-topic.ts";
import { type Bound, type Measured, measuresOf } from "./measures.ts";
import { rowsOf, type WrittenOutcome } from "./rows.ts";

export interface WorldCheck {
  readonly verdict: Verdict;
  /** Per compared topic; empty when the run did not end well. */
  readonly topics: readonly TopicComparison[];
  /** Set when `state-too-large`. */
  readonly state: { readonly peakBytes: number; readonly referenceBytes: number } | null;
  /** Figures beside their bounds, also when all are kept. */
  readonly measures: readonly Measured[];
  /** What checker.ts objects to. */
  readonly custom: CustomFinding | null;
}

/** An objection of a problem's own checker. */
export interface CustomFinding {
  readonly verdict: "lost-records" | "duplicate-records" | "wrong-output" | "late-data";
  /** One sentence; may quote rows. */
  readonly message: string;
}

/** What a check needs of a problem. */
export type CheckedProblem = Pick<Problem, "outputs" | "stateBudget">;

/** What of the reference's run a comparison looks at. */
export type ExpectedOutcome = WrittenOutcome & Pick<RunOutcome, "peakStateBytes">;

/** What a run is compared with. */
export interface CheckedAgainst {
  readonly world: World;
  readonly bounds: readonly Bound[];
  readonly reference: ExpectedOutcome;
}

/**
 * @param custom what the problem's own checker.ts says of the rows; it takes the place of the comparison row by row. Absent = there is none.
 */
export function checkOutcome(
  problem: CheckedProblem,
  { world, bounds, reference }: CheckedAgainst,
  outcome: RunOutcome,
  custom?: CustomFinding | null,
): WorldCheck {
  const nothing = { topics: [], state: null, measures: [], custom: null };
  const ended = verdictOfEnd(outcome);
  if (ended !== null) return { ...nothing, verdict: ended };
  const topics = custom === undefined ? compareOutputs(problem, reference, outcome) : [];
  const measures = measuresOf(problem, bounds, world, outcome);
  if (custom !== undefined && custom !== null) return { ...nothing, verdict: custom.verdict, measures, custom };
  const rows = verdictOfTopics(topics);
  if (rows !== null) return { ...nothing, verdict: rows, topics, measures };
  const ratio = problem.stateBudget?.peakBytesRatio ?? null;
  if (ratio !== null && outcome.peakStateBytes > reference.peakStateBytes * ratio) {
    const state = { peakBytes: outcome.peakStateBytes, referenceBytes: reference.peakStateBytes };
    return { ...nothing, verdict: "state-too-large", topics, state, measures };
  }
  const broken = measures.filter(({ kept }) => !kept).reduce<Verdict>((worst, { verdict }) => worse(worst, verdict), "accepted");
  return { ...nothing, verdict: broken, topics, measures };
}

/** The outputs alone: same rows? */
export function compareOutputs(problem: Pick<Problem, "outputs">, reference: WrittenOutcome, outcome: WrittenOutcome): TopicComparison[] {
  return problem.outputs.map((spec) => compareTopic(spec, rowsOf(reference, spec).committed, rowsOf(outcome, spec).committed));
}

/** null = nothing differs. */
export function verdictOfTopics(topics: readonly TopicComparison[]): Verdict | null {
  const result = verdictOfRows(topics.filter((topic) => topic.spec.role === "result"));
  if (result !== null) return result;
  return topics.some((topic) => topic.differences.length > 0) ? "late-data" : null;
}

/** State that the program can no longer read, or that belongs to nobody any more. */
const RESTORE_FAILURES = ["SAVEPOINT_", "JOB_STATE_RESTORE_FAILED", "STATE_TYPE_CHANGED", "STATE_KIND_CHANGED", "STATE_CLASS_MISSING"];

/** null when the job ended as it should. */
export function verdictOfEnd(outcome: RunOutcome): Verdict | null {
  const code = outcome.failure?.code ?? "";
  switch (outcome.status) {
    case "finished":
      return null;
    case "rejected":
      if (code.startsWith("SAVEPOINT_")) return "restore-failed";
      return code === "JOB_USER_EXCEPTION" ? "runtime-error" : "compile-error";
    case "failed":
      return RESTORE_FAILURES.some((start) => code.startsWith(start)) ? "restore-failed" : "runtime-error";
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
