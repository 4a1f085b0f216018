import { checkWorld, worldOfSeed } from "./run-seed.ts";
import type { Canary } from "./swarm-jobs/canary.ts";

/** Within so many seeds a canary has to be caught. */
export const CANARY_SEEDS = 60;

/** The first seed on which the checker in question complains; null = the simulation has not noticed. */
export function seedThatCatches(canary: Canary, firstSeed: number): number | null {
  for (let seed = firstSeed; seed < firstSeed + CANARY_SEEDS; seed++) {
    const { violations } = checkWorld(canary, worldOfSeed(canary, seed));
    if (violations.some(({ checker }) => checker === canary.caughtBy)) return seed;
  }
  return null;
}
