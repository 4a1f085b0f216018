import { type ReducedWorld, reduceWorld, type World } from "../../src/sim.ts";
import { checkWorld } from "./run-seed.ts";
import type { SwarmJob } from "./swarm-jobs/swarm-job.ts";

const MAX_RUNS = 400;

/** The smallest world found in which the same checker complains; of a run that does not end, in the same way. */
export function shrink(job: SwarmJob, world: World, checker: string): ReducedWorld {
  const symptom = complaintsIn(job, world).find((complaint) => complaint.startsWith(checker)) ?? checker;
  return reduceWorld(world, (smaller) => complaintsIn(job, smaller).includes(symptom), { maxRuns: MAX_RUNS });
}

function complaintsIn(job: SwarmJob, world: World): string[] {
  try {
    const { violations, outcome } = checkWorld(job, world);
    return violations.map((violation) => `${violation.checker}${outcome.status === "finished" ? "" : `: ${outcome.failure?.code}`}`);
  } catch {
    return ["invariants"];
  }
}
