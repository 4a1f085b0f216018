/**
 * A world that somebody has seen, run again with changes of theirs (the stage). The submission alone runs: the reference, asked about any world at
 * will, would tell more of itself than the samples do, and need not stand everything that can be added to a world. So nothing is compared here.
 */
import type { Problem } from "../pack/problem.ts";
import { planSamples } from "../plan/plan.ts";
import { changedWorld, type WorldChange } from "../plan/world-changes.ts";
import { CHANGED_RUN, changedRunOf, MAX_PLACED_RECORDS, notCompiled } from "./changed-outcome.ts";
import type { ChangeableWorld, ChangedRun, ChangedRunAnswer, ShownWorld } from "./changed-run-report.ts";
import type { JudgeParts } from "./judge.ts";
import type { Submission } from "./report.ts";
import { programOf, Trial } from "./trial.ts";

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
  if (program.load === null) return answer(notCompiled(program.diagnostics));
  const trial = new Trial(parts.pool, { ...program, load: program.load }, problem.limits);
  try {
    const { upgrade } = given;
    return answer(changedRunOf(problem.limits, submission.text, await trial.run({ world: changed.world, upgrade }, CHANGED_RUN)));
  } finally {
    trial.close();
  }
}

async function sampleWorld({ references }: JudgeParts, problem: Problem, index: number): Promise<ShownWorld | null> {
  const planned = planSamples(problem)[index];
  return planned === undefined ? null : references.run(problem, planned);
}
