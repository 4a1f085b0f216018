/** Runs the reference again in a process of its own and compares fingerprints: same seed, same bytes. */
import type { Problem } from "../pack/problem.ts";
import { planWorlds } from "../plan/plan.ts";
import type { JudgeParts } from "./judge.ts";
import { JudgeFault } from "./judge-fault.ts";
import type { Submission } from "./report.ts";
import { programOf, Trial } from "./trial.ts";

/** One sentence per scenario whose first seed gave two different runs. */
export async function findIndeterminism(parts: JudgeParts, problem: Problem): Promise<string[]> {
  const differing: string[] = [];
  const program = await programOf(parts.compile, problem, problem.tune === null ? problem.reference : settingsOf(problem.tune), {
    checkTypes: false,
  });
  if (program.load === null) throw new JudgeFault(`${problem.id}: the reference does not compile: ${program.diagnostics[0]?.message}`);
  const trial = new Trial(parts.pool, { ...program, load: program.load }, { ...problem.limits, cpuMs: 20_000 });
  try {
    for (const planned of planWorlds(problem, { seedsPerSecret: 1 })) {
      const reference = await parts.references.run(problem, planned);
      const run = await trial.run(reference, { record: false, maxRecordingEvents: 0, maxChars: 64 * 1024 * 1024 });
      const same = run.kind === "outcome" && run.outcome.fingerprint === reference.outcome.fingerprint;
      if (!same) differing.push(`scenario ${planned.scenario.name}, seed ${planned.seed}: the reference ran differently the second time`);
    }
  } finally {
    trial.close();
  }
  return differing;
}

function settingsOf(tune: NonNullable<Problem["tune"]>): Submission {
  return { language: "config", text: tune.reference };
}
