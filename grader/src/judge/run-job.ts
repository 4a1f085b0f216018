/** `millrace run`: one job in one world, no reference, nothing compared. */
import type { DiagnosticData } from "@millrace/engine";
import { compileSubmission } from "../compile/compile-submission.ts";
import type { Problem, Scenario } from "../pack/problem.ts";
import type { JudgeParts } from "./judge.ts";
import type { Submission } from "./report.ts";
import { SubmissionRunner, type SubmissionRun } from "./run-submission.ts";

export type JobRun =
  | { readonly kind: "rejected"; readonly diagnostics: readonly DiagnosticData[] }
  | { readonly kind: "ran"; readonly run: SubmissionRun };

export async function runJob(
  parts: JudgeParts,
  problem: Problem,
  submission: Submission,
  world: { scenario: Scenario; seed: number; record: boolean },
): Promise<JobRun> {
  const compiled = await compileSubmission(parts.compile, problem, submission, { checkTypes: true });
  if (compiled.load === null) return { kind: "rejected", diagnostics: compiled.diagnostics };
  const runner = new SubmissionRunner(parts.pool, compiled.load, problem.limits);
  try {
    const expanded = await parts.references.world(problem, world.scenario, world.seed);
    const run = await runner.run(expanded, { record: world.record, maxRecordingEvents: 100_000, maxChars: 128 * 1024 * 1024 });
    return { kind: "ran", run };
  } finally {
    runner.close();
  }
}
