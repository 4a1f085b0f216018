/** Puts together what a browser needs to run a problem's samples. */
import { boundsOf } from "../checkers/measures.ts";
import type { ExpectedOutcome } from "../checkers/check-outcome.ts";
import type { OutputSpec, Problem } from "../pack/problem.ts";
import { planSamples } from "../plan/plan.ts";
import type { References } from "./references.ts";
import type { KitSample, RunKit } from "./run-kit.ts";

/** Larger ones would take longer to fetch than the run takes here. */
const MAX_KIT_CHARS = 4 * 1024 * 1024;

/** null = its samples run on the server only: it is answered by a form, is compared by code of its author's, or its samples are too large. */
export async function makeRunKit(references: References, problem: Problem): Promise<RunKit | null> {
  const { kind, tune, modules, outputs, stateBudget, limits } = problem;
  if (kind === "trace" || kind === "decide" || tune !== null || modules.checker !== null) return null;
  const samples: KitSample[] = [];
  for (const { index, scenario, seed } of planSamples(problem)) {
    const { world, upgrade, outcome } = await references.run(problem, { index, scenario, seed });
    const { name, title, faults, visibility, group } = scenario;
    samples.push({
      planned: { index, scenario: { name, title, faults, visibility, group } },
      world,
      upgrade,
      bounds: boundsOf(problem, group, world, outcome),
      expected: expectedOf(outputs, outcome),
    });
  }
  const kit = { outputs, stateBudget, limits, samples };
  return JSON.stringify(kit).length > MAX_KIT_CHARS ? null : kit;
}

/** What is compared, and of that what readers see: what the reference wrote in vain is its own affair. */
function expectedOf(outputs: readonly OutputSpec[], outcome: ExpectedOutcome): ExpectedOutcome {
  const isWritten = (kind: OutputSpec["place"]["kind"]) => outputs.some(({ place }) => place.kind === kind);
  const systems = outputs.flatMap(({ place }) => (place.kind === "system" ? [place.system] : []));
  return {
    endMs: outcome.endMs,
    peakStateBytes: outcome.peakStateBytes,
    printed: isWritten("printed") ? outcome.printed : [],
    systems: outcome.systems.filter(({ name }) => systems.includes(name)),
    topics: outcome.topics
      .filter(({ name }) => outputs.some(({ place, topic }) => place.kind === "topic" && topic === name))
      .map(({ records, ...topic }) => ({
        ...topic,
        records: records.filter(({ committedAtMs, aborted }) => committedAtMs !== null && !aborted),
      })),
  };
}
