/** Times that are easier to follow: whole seconds, and no more waiting between two records than needed. */
import type { Arrival, World } from "../world.ts";
import type { ReductionPass } from "./reduce-world.ts";
import { mapTimes } from "./times.ts";

const PRECISIONS_MS = [1000, 500, 100, 10];
const GAP_MS = 1000;

export const earlierTimes: ReductionPass = function* (world) {
  let current = world;
  for (const precisionMs of PRECISIONS_MS) {
    const rounded = mapArrivals(current, (arrival) =>
      mapTimes(arrival, current, (timeMs) => Math.floor(timeMs / precisionMs) * precisionMs),
    );
    if (!(yield rounded)) continue;
    current = rounded;
    break;
  }
  // From the last gap to the first: closing one moves only what comes after it.
  for (const [fromMs, toMs] of gaps(current).reverse()) {
    const closed = shiftFrom(current, toMs, toMs - fromMs - GAP_MS);
    if (yield closed) current = closed;
  }
  return current;
};

/** Stretches without an arrival, longer than a second. */
function gaps(world: World): (readonly [number, number])[] {
  const times = world.topics.flatMap(({ arrivals }) => arrivals.map(({ atMs }) => atMs)).sort((a, b) => a - b);
  let lastMs = world.startMs;
  const found: (readonly [number, number])[] = [];
  for (const atMs of times) {
    if (atMs - lastMs > GAP_MS) found.push([lastMs, atMs]);
    lastMs = Math.max(lastMs, atMs);
  }
  return found;
}

/** Everything from then on, records and faults, comes so much earlier. */
function shiftFrom(world: World, fromMs: number, byMs: number): World {
  const earlier = (timeMs: number) => timeMs - byMs;
  const shifted = mapArrivals(world, (arrival) => (arrival.atMs < fromMs ? arrival : mapTimes(arrival, world, earlier)));
  const faults = world.faults.map((fault) => {
    const { when } = fault;
    return when.kind === "atMs" && when.atMs >= fromMs ? { ...fault, when: { ...when, atMs: earlier(when.atMs) } } : fault;
  });
  return { ...shifted, faults };
}

function mapArrivals(world: World, change: (arrival: Arrival) => Arrival): World {
  return { ...world, topics: world.topics.map((topic) => ({ ...topic, arrivals: inOrder(topic.arrivals.map(change)) })) };
}

function inOrder(arrivals: Arrival[]): Arrival[] {
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}
