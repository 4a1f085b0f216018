import { type ReducedWorld, reduceWorld, type World } from "../../src/sim.ts";
import { checkWorld } from "./run-seed.ts";
import type { SwarmJob } from "./swarm-jobs/swarm-job.ts";

const MAX_RUNS = 400;

/** The smallest world found in which the same checker complains. */
export function shrink(job: SwarmJob, world: World, checker: string): ReducedWorld {
  return reduceWorld(world, (smaller) => complaintsIn(job, smaller).includes(checker), { maxRuns: MAX_RUNS });
}

function complaintsIn(job: SwarmJob, world: World): string[] {
  try {
    return checkWorld(job, world).violations.map((violation) => violation.checker);
  } catch {
    return ["invariants"];
  }
}
