/** One world: the submission's run is compared with the reference's, and told about. */
import type { DiagnosticData } from "@millrace/engine";
import type { RunOutcome, World } from "@millrace/engine/sim";
import { compareOutputs, verdictOfEnd, verdictOfTopics, type WorldCheck } from "../checkers/check-outcome.ts";
import { rowsOf, type WrittenOutcome } from "../checkers/rows.ts";
import { differenceOf } from "../feedback/difference.ts";
import { redactDiagnostic, redactOutcome } from "../feedback/redact.ts";
import { HEADLINE_NONDETERMINISTIC, headlineOfEnd, headlineOfMeasure, headlineOfState } from "../feedback/headline.ts";
import type { JudgedProblem, Scenario } from "../pack/problem.ts";
import type { PlannedWorld } from "../plan/plan.ts";
import type { Difference, MeasureResult } from "./report.ts";
import type { SubmissionRun } from "./submission-run.ts";
import type { Verdict } from "./verdict.ts";

/** What must be known of a world to tell about it. */
export interface ToldWorld {
  /** 1-based. */
  readonly index: number;
  readonly scenario: Pick<Scenario, "name" | "title" | "faults" | "visibility" | "group">;
}

/** All that was found out about a submission in one world; the reports show parts of it. */
export interface WorldJudgement<W extends ToldWorld = PlannedWorld> {
  readonly planned: W;
  readonly verdict: Verdict;
  readonly headline: string;
  readonly difference: Difference | null;
  readonly diagnostics: readonly DiagnosticData[];
  readonly check: WorldCheck | null;
  readonly run: SubmissionRun;
}

/** The world that was run in, and what the reference wrote in it. */
export interface ComparedWith {
  readonly world: World;
  readonly outcome: WrittenOutcome;
}

/** @param checkOf compares what came of the run with the reference. */
export async function judgeWorld<W extends ToldWorld>(
  checkOf: (outcome: RunOutcome) => WorldCheck | Promise<WorldCheck>,
  problem: JudgedProblem,
  planned: W,
  reference: ComparedWith,
  run: SubmissionRun,
): Promise<WorldJudgement<W>> {
  const nothing = { planned, run, difference: null, diagnostics: [], check: null };
  const hidden = planned.scenario.visibility === "hidden";
  if (run.kind === "limit") return { ...nothing, verdict: run.verdict, headline: headlineOfEnd(run.verdict, null, problem.limits) };
  if (run.kind === "mistake") {
    const verdict = run.diagnostic.phase === "runtime" ? "runtime-error" : "compile-error";
    const diagnostics = [run.diagnostic, ...run.others].map((diagnostic) => (hidden ? redactDiagnostic(diagnostic) : diagnostic));
    return { ...nothing, verdict, headline: diagnostics[0]!.message, diagnostics };
  }
  const outcome =
    hidden && run.outcome.status !== "finished" && run.outcome.status !== "rejected" ? redactOutcome(run.outcome) : run.outcome;
  const check = await checkOf(outcome);
  const diagnostics = diagnosticsOf(run.outcome).map((diagnostic) =>
    hidden ? redactDiagnostic(diagnostic, { wasRunning: run.outcome.status !== "rejected" }) : diagnostic,
  );
  const { headline, difference } = tell(problem, planned, reference, outcome, check);
  return { planned, run, verdict: check.verdict, check, diagnostics, headline, difference };
}

/** The sentence about a world, and the first difference as a table. */
function tell(
  problem: JudgedProblem,
  planned: ToldWorld,
  reference: ComparedWith,
  outcome: RunOutcome,
  check: WorldCheck,
): Pick<WorldJudgement, "headline" | "difference"> {
  const { verdict } = check;
  if (verdict === "accepted") return { headline: "Equal to the reference.", difference: null };
  if (check.custom !== null) return { headline: check.custom.message, difference: null };
  const comparison =
    check.topics.find((topic) => topic.spec.role === "result" && topic.differences.length > 0) ??
    check.topics.find((topic) => topic.differences.length > 0);
  if (comparison === undefined) {
    if (check.state !== null) return { headline: headlineOfState(check.state), difference: null };
    const broken = check.measures.find((measure) => !measure.kept && measure.verdict === verdict);
    const headline = broken === undefined ? headlineOfEnd(verdict, outcome, problem.limits) : headlineOfMeasure(broken);
    return { headline, difference: null };
  }
  const expected = rowsOf(reference.outcome, comparison.spec).committed;
  const difference = differenceOf(planned.index, comparison, expected, { startMs: reference.world.startMs, outcome });
  return { headline: difference.sentence, difference };
}

/** The same world under other schedules: the output must not change. */
export function isStable(problem: Pick<JudgedProblem, "outputs">, first: SubmissionRun, again: SubmissionRun): boolean {
  if (first.kind !== "outcome" || again.kind !== "outcome") return false;
  return verdictOfEnd(again.outcome) === null && verdictOfTopics(compareOutputs(problem, first.outcome, again.outcome)) === null;
}

export function unstable(judgement: WorldJudgement): WorldJudgement {
  return { ...judgement, verdict: "nondeterministic", headline: HEADLINE_NONDETERMINISTIC };
}

/** Figures beside their bounds as reports show them. */
export function measuresOf(judgement: WorldJudgement<ToldWorld> | null): MeasureResult[] {
  const isHidden = judgement?.planned.scenario.visibility === "hidden";
  return (judgement?.check?.measures ?? []).map(({ title, unit, value, atMost, atLeast, kept }) => ({
    title,
    unit,
    value: isHidden ? null : value,
    atMost,
    atLeast,
    kept,
  }));
}

function spanOf(position: { readonly line: number; readonly column: number } | undefined): DiagnosticData["span"] {
  return position === undefined ? undefined : { line: position.line, column: position.column };
}

/** A failed job's exception, placed in the learner's file when that is known. */
export function diagnosticsOf(outcome: RunOutcome): DiagnosticData[] {
  const { failure } = outcome;
  if (failure === null || (failure.diagnostic === undefined && failure.position === undefined)) return [];
  const { code, message, position, diagnostic } = failure;
  const found: DiagnosticData = diagnostic ?? { code, message, phase: "runtime" };
  const span = found.span ?? spanOf(position);
  const file =
    found.file ??
    position?.file ??
    (found.phase === "parse" || found.phase === "validate" || found.phase === "plan" ? undefined : "solution.ts");
  return [{ ...found, ...(span === undefined ? {} : { span }), ...(file === undefined ? {} : { file }) }];
}
