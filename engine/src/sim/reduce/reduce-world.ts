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
import { faultsAtTimes } from "./faults-at-times.ts";
import { fewerArrivals, fewerContents, fewerFaults, fewerKeys, fewerSettings, shorterStretch, withoutOutside } from "./fewer-parts.ts";
import { answered, answeredLater, type Proposals } from "./proposals.ts";
import { simplerFaults } from "./simpler-faults.ts";
import { shorterNames, smallerNumbers } from "./simpler-values.ts";
import { smallerCluster } from "./smaller-cluster.ts";

/** One way of making a world smaller. */
export type ReductionPass = (world: World) => Proposals<World>;

const PASSES: readonly ReductionPass[] = [
  fewerFaults,
  // Early, since one subtask has fewer orders to run in: what fails then fails for plainer reasons, and runs are cheaper.
  smallerCluster,
  // Before records go: else many faults would go with them.
  faultsAtTimes,
  shorterStretch,
  fewerKeys,
  fewerArrivals,
  fewerContents,
  fewerSettings,
  withoutOutside,
  simplerFaults,
  shorterNames,
  smallerNumbers,
  earlierTimes,
];

/** How far a reduction may go. */
export interface ReduceOptions {
  /** Worlds to be tried at most. Default 500. */
  readonly maxRuns?: number;
  /** Leaves names as they are, for readers who know the world before. Default false. */
  readonly keepNames?: boolean;
  /** Asked before each run; when it says false, the reduction ends with what it has. Absent = it goes on. */
  readonly mayGoOn?: () => boolean;
}

/** What a reduction has come to. */
export interface ReducedWorld {
  /** It fails as the given world did; that one itself when nothing smaller does. */
  readonly world: World;
  /** Worlds that were tried. */
  readonly runs: number;
  /** False when `maxRuns` or `mayGoOn` ended it. */
  readonly complete: boolean;
}

/**
 * Shrinks a world for which `stillFails` is true.
 *
 * @param stillFails runs a world and says whether it fails in the way in question; must not depend on anything but the world.
 */
export function reduceWorld(world: World, stillFails: (world: World) => boolean, options: ReduceOptions = {}): ReducedWorld {
  return answered(reduction(world, options), stillFails);
}

/** As `reduceWorld`, for callers that run worlds elsewhere. Same answers, same result. */
export function reduceWorldLater(
  world: World,
  stillFails: (world: World) => Promise<boolean>,
  options: ReduceOptions = {},
): Promise<ReducedWorld> {
  return answeredLater(reduction(world, options), stillFails);
}

function* reduction(world: World, options: ReduceOptions): Generator<World, ReducedWorld, boolean> {
  const { maxRuns = 500, keepNames = false, mayGoOn = () => true } = options;
  const tried = new Map<string, boolean>();
  let current = world;
  for (;;) {
    const before = JSON.stringify(current);
    for (const pass of PASSES) {
      if (keepNames && pass === shorterNames) continue;
      const proposals = pass(current);
      let step = proposals.next();
      while (step.done !== true) {
        const smaller = step.value;
        const text = JSON.stringify(smaller);
        let fails = tried.get(text);
        if (fails === undefined) {
          if (tried.size >= maxRuns || !mayGoOn()) return { world: current, runs: tried.size, complete: false };
          fails = yield smaller;
          tried.set(text, fails);
        }
        if (fails) current = smaller;
        step = proposals.next(fails);
      }
      current = step.value;
    }
    if (JSON.stringify(current) === before) return { world: current, runs: tried.size, complete: true };
  }
}
