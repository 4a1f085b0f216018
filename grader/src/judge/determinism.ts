/** Runs the reference again in a process of its own and compares fingerprints: same seed, same bytes. */
import type { Problem } from "../pack/problem.ts";
import { planWorlds } from "../plan/plan.ts";
import type { JudgeParts } from "./judge.ts";
import { SubmissionRunner } from "./run-submission.ts";

/** One sentence per scenario whose first seed gave two different runs. */
export async function findIndeterminism(parts: JudgeParts, problem: Problem): Promise<string[]> {
  const differing: string[] = [];
  const runner = new SubmissionRunner(parts.pool, await parts.references.load(problem), { ...problem.limits, cpuMs: 20_000 });
  try {
    for (const planned of planWorlds(problem, 1)) {
      const reference = await parts.references.run(problem, planned);
      const run = await runner.run(reference.world, { record: false, maxRecordingEvents: 0, maxChars: 64 * 1024 * 1024 });
      const same = run.kind === "outcome" && run.outcome.fingerprint === reference.outcome.fingerprint;
      if (!same) differing.push(`scenario ${planned.scenario.name}, seed ${planned.seed}: the reference ran differently the second time`);
    }
  } finally {
    runner.close();
  }
  return differing;
}
