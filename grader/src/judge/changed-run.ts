/**
 * A world that somebody has seen, run again with changes of theirs (the stage). The submission alone runs: the reference, asked about any world at
 * will, would tell more of itself than the samples do, and need not stand everything that can be added to a world. So nothing is compared here.
 */
import { verdictOfEnd } from "../checkers/check-outcome.ts";
import { headlineOfEnd } from "../feedback/headline.ts";
import { placed } from "../feedback/place.ts";
import type { Problem } from "../pack/problem.ts";
import { planSamples } from "../plan/plan.ts";
import { changedWorld, type WorldChange } from "../plan/world-changes.ts";
import type { ChangeableWorld, ChangedRun, ChangedRunAnswer, ShownWorld } from "./changed-run-report.ts";
import type { JudgeParts } from "./judge.ts";
import { diagnosticsOf } from "./judge-world.ts";
import type { Submission } from "./report.ts";
import type { SubmissionRun } from "./run-submission.ts";
import { programOf, Trial } from "./trial.ts";

const MAX_RECORDING_EVENTS = 20_000;
const MAX_OUTCOME_CHARS = 64 * 1024 * 1024;
const MAX_PLACED_RECORDS = 10_000;

export async function runChanged(
  parts: JudgeParts,
  problem: Problem,
  submission: Submission,
  of: ChangeableWorld,
  changes: readonly WorldChange[],
): Promise<ChangedRunAnswer> {
  const startedAt = performance.now();
  const given = "world" in of ? of : await sampleWorld(parts, problem, of.sample);
  if (given === null) return { kind: "refused", change: null, message: "This problem has no such sample." };
  const changed = changedWorld(given.world, changes);
  if (changed.kind === "refused") return changed;
  const records = changed.records.slice(0, MAX_PLACED_RECORDS);
  const answer = (run: Omit<ChangedRun, "records" | "ranInMs">): ChangedRunAnswer => ({
    kind: "ran",
    run: { ...run, records, ranInMs: Math.round(performance.now() - startedAt) },
  });
  // It is run to be looked at: what a check of its types would say, Run has said.
  const program = await programOf(parts.compile, problem, submission, { checkTypes: false });
  if (program.load === null) {
    const { diagnostics } = program;
    return answer({
      ended: "compile-error",
      headline: diagnostics[0]?.message ?? "The program does not compile.",
      diagnostics,
      recording: null,
    });
  }
  const trial = new Trial(parts.pool, { ...program, load: program.load }, problem.limits);
  try {
    const { upgrade } = given;
    const options = { record: true, maxRecordingEvents: MAX_RECORDING_EVENTS, maxChars: MAX_OUTCOME_CHARS, metrics: false };
    return answer(told(problem, submission, await trial.run({ world: changed.world, upgrade }, options)));
  } finally {
    trial.close();
  }
}

async function sampleWorld({ references }: JudgeParts, problem: Problem, index: number): Promise<ShownWorld | null> {
  const planned = planSamples(problem)[index];
  return planned === undefined ? null : references.run(problem, planned);
}

function told({ limits }: Problem, { text }: Submission, run: SubmissionRun): Omit<ChangedRun, "records" | "ranInMs"> {
  if (run.kind === "limit")
    return { ended: run.verdict, headline: headlineOfEnd(run.verdict, null, limits), diagnostics: [], recording: null };
  if (run.kind === "mistake") {
    const diagnostics = [run.diagnostic, ...run.others].map((diagnostic) => placed(diagnostic, text));
    const ended = run.diagnostic.phase === "runtime" ? "runtime-error" : "compile-error";
    return { ended, headline: run.diagnostic.message, diagnostics, recording: null };
  }
  const { outcome } = run;
  const ended = verdictOfEnd(outcome);
  const headline = ended === null ? "" : headlineOfEnd(ended, outcome, limits);
  return {
    ended,
    headline,
    diagnostics: diagnosticsOf(outcome).map((diagnostic) => placed(diagnostic, text)),
    recording: outcome.recording,
  };
}
