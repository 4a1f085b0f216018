/**
 * Makes a failing world small: fewer faults and records, a smaller cluster, fewer settings, simpler faults, values and times, for as long as
 * the failure stays. What is left is what somebody has to understand.
 *
 * Problem: there are more smaller worlds than could ever be run. Approach: a fixed order of passes, those first that take away most; each
 * proposes smaller worlds and keeps those that still fail; after the last one it begins anew, until a round changes nothing. Chance plays no
 * part, so the same world and failure give the same result. Limit: `maxRuns` runs in all; what is found by then is the result, so it always
 * fails, but may not be the smallest that does.
 */
import type { World } from "../world.ts";
import { earlierTimes } from "./earlier-times.ts";
import { fewerArrivals, fewerContents, fewerFaults, fewerSettings, withoutOutside } from "./fewer-parts.ts";
import { simplerFaults } from "./simpler-faults.ts";
import { simplerValues } from "./simpler-values.ts";
import { smallerCluster } from "./smaller-cluster.ts";

/** One way of making a world smaller. `fails` may be asked often; what it says of a world never changes. */
export type ReductionPass = (world: World, fails: (smaller: World) => boolean) => World;

const PASSES: readonly ReductionPass[] = [
  fewerFaults,
  fewerArrivals,
  fewerContents,
  smallerCluster,
  fewerSettings,
  withoutOutside,
  simplerFaults,
  simplerValues,
  earlierTimes,
];

/** How far a reduction may go. */
export interface ReduceOptions {
  /** Worlds to be tried at most. Default 500. */
  readonly maxRuns?: number;
}

/** What a reduction has come to. */
export interface ReducedWorld {
  /** It fails as the given world did; that one itself when nothing smaller does. */
  readonly world: World;
  /** Worlds that were tried. */
  readonly runs: number;
  /** False when `maxRuns` ended it. */
  readonly complete: boolean;
}

/**
 * Shrinks a world for which `stillFails` is true.
 *
 * @param stillFails runs a world and says whether it fails in the way in question; must not depend on anything but the world.
 */
export function reduceWorld(world: World, stillFails: (world: World) => boolean, options: ReduceOptions = {}): ReducedWorld {
  const maxRuns = options.maxRuns ?? 500;
  const tried = new Map<string, boolean>();
  let exhausted = false;
  const fails = (smaller: World): boolean => {
    const text = JSON.stringify(smaller);
    const known = tried.get(text);
    if (known !== undefined) return known;
    if (tried.size >= maxRuns) {
      exhausted = true;
      return false;
    }
    const answer = stillFails(smaller);
    tried.set(text, answer);
    return answer;
  };
  let current = world;
  for (;;) {
    const before = current;
    for (const pass of PASSES) current = pass(current, fails);
    if (exhausted || JSON.stringify(current) === JSON.stringify(before)) break;
  }
  return { world: current, runs: tried.size, complete: !exhausted };
}
