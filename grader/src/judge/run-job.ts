/** `millrace run` and `crashpoints`: one job in one world, no reference; or its plan, and nothing run; or crashed wherever it can be. */
import type { DiagnosticData } from "@millrace/engine";
import type { CrashPointReport, MissingCondition } from "@millrace/engine/sim";
import { compileSubmission } from "../compile/compile-submission.ts";
import type { SavepointRequest } from "../guest/protocol.ts";
import type { Problem, Scenario } from "../pack/problem.ts";
import type { JudgeParts } from "./judge.ts";
import type { Submission } from "./report.ts";
import { type SubmissionCrashes, type SubmissionPlan, SubmissionRunner } from "./run-submission.ts";
import type { SubmissionRun } from "./submission-run.ts";

export type JobRun =
  | { readonly kind: "rejected"; readonly diagnostics: readonly DiagnosticData[] }
  | { readonly kind: "ran"; readonly run: SubmissionRun };

/** Where a job runs, and from what it starts. */
export interface JobWorld {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly record: boolean;
  readonly savepoint?: SavepointRequest;
}

export async function runJob(parts: JudgeParts, problem: Problem, submission: Submission, world: JobWorld): Promise<JobRun> {
  const compiled = await compileSubmission(parts.compile, problem, submission, { checkTypes: true });
  if (compiled.load === null) return { kind: "rejected", diagnostics: compiled.diagnostics };
  const runner = new SubmissionRunner(parts.pool, compiled.load, problem.limits);
  try {
    const expanded = await parts.references.world(problem, world.scenario, world.seed);
    const run = await runner.run(expanded, {
      record: world.record,
      maxRecordingEvents: 100_000,
      maxChars: 128 * 1024 * 1024,
      ...(world.savepoint === undefined ? {} : { savepoint: world.savepoint }),
    });
    return { kind: "ran", run };
  } finally {
    runner.close();
  }
}

export type JobPlan = { readonly kind: "rejected"; readonly diagnostics: readonly DiagnosticData[] } | SubmissionPlan;

/** `millrace run --explain`: what the job would look like in this scenario's cluster. It is not run. */
export async function explainJob(
  parts: JudgeParts,
  problem: Problem,
  submission: Submission,
  world: { scenario: Scenario; seed: number },
): Promise<JobPlan> {
  const compiled = await compileSubmission(parts.compile, problem, submission, { checkTypes: true });
  if (compiled.load === null) return { kind: "rejected", diagnostics: compiled.diagnostics };
  const runner = new SubmissionRunner(parts.pool, compiled.load, problem.limits);
  try {
    const { cluster } = await parts.references.world(problem, world.scenario, world.seed);
    return await runner.explain(cluster.parallelism);
  } finally {
    runner.close();
  }
}

export type JobCrashes =
  | { readonly kind: "rejected"; readonly diagnostics: readonly DiagnosticData[] }
  | { readonly kind: "reports"; readonly reports: readonly CrashPointReport[] }
  | Exclude<SubmissionCrashes, { readonly kind: "report" }>;

/** `millrace crashpoints`: the job crashed at each of its points, as it is and without the conditions named; a report for each. */
export async function crashJob(
  parts: JudgeParts,
  problem: Problem,
  submission: Submission,
  world: { scenario: Scenario; seed: number; missing: readonly MissingCondition[] },
): Promise<JobCrashes> {
  const compiled = await compileSubmission(parts.compile, problem, submission, { checkTypes: true });
  if (compiled.load === null) return { kind: "rejected", diagnostics: compiled.diagnostics };
  const runner = new SubmissionRunner(parts.pool, compiled.load, problem.limits);
  try {
    const expanded = await parts.references.world(problem, world.scenario, world.seed);
    const reports: CrashPointReport[] = [];
    for (const missing of world.missing) {
      const crashes = await runner.crashPoints(expanded, missing);
      if (crashes.kind !== "report") return crashes;
      reports.push(crashes.report);
    }
    return { kind: "reports", reports };
  } finally {
    runner.close();
  }
}
