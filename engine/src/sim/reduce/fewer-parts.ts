/** Takes parts out of a world: faults, records, settings, and what is outside the cluster. */
import type { Arrival, World } from "../world.ts";
import { minimalList } from "./delta-debugging.ts";
import type { ReductionPass } from "./reduce-world.ts";

export const fewerFaults: ReductionPass = (world, fails) => ({
  ...world,
  faults: minimalList(world.faults, (faults) => fails({ ...world, faults })),
});

/** All topics together, in the order of time: what comes late is more often needless. */
export const fewerArrivals: ReductionPass = (world, fails) => {
  const all = world.topics.flatMap(({ name, arrivals }) => arrivals.map((arrival) => ({ topic: name, arrival })));
  all.sort((a, b) => a.arrival.atMs - b.arrival.atMs);
  const withOnly = (kept: typeof all): World => {
    const byTopic = new Map<string, Arrival[]>(world.topics.map(({ name }) => [name, []]));
    for (const { topic, arrival } of kept) byTopic.get(topic)?.push(arrival);
    return { ...world, topics: world.topics.map((topic) => ({ ...topic, arrivals: byTopic.get(topic.name) ?? [] })) };
  };
  return withOnly([...minimalList(all, (kept) => fails(withOnly([...kept])))]);
};

export const fewerSettings: ReductionPass = (world, fails) => {
  const { configuration, ...cluster } = world.cluster;
  if (configuration === undefined) return world;
  const withOnly = (kept: readonly (readonly [string, string])[]): World => ({
    ...world,
    cluster: kept.length === 0 ? cluster : { ...cluster, configuration: Object.fromEntries(kept) },
  });
  return withOnly(minimalList(Object.entries(configuration), (kept) => fails(withOnly(kept))));
};

/** Services and systems that nobody needs, topics that do not grow, operators that cost as usual. */
export const withoutOutside: ReductionPass = (world, fails) => {
  const { services = [], systems = [] } = world;
  let current = world;
  const attempt = (smaller: World) => {
    if (fails(smaller)) current = smaller;
  };
  if (services.length > 0) current = { ...current, services: minimalList(services, (kept) => fails({ ...current, services: kept })) };
  if (systems.length > 0) current = { ...current, systems: minimalList(systems, (kept) => fails({ ...current, systems: kept })) };
  if (Object.keys(current.costsUs).length > 0) attempt({ ...current, costsUs: {} });
  if (current.topics.some(({ growth }) => growth !== undefined)) {
    attempt({ ...current, topics: current.topics.map(({ growth: _, ...topic }) => topic) });
  }
  return current;
};
