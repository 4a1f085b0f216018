/** Takes parts out of a world: faults, records, settings, and what is outside the cluster. */
import { invariant } from "../../base/invariant.ts";
import type { SystemDescription } from "../../connectors/systems/outside-system.ts";
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

/** What others do in systems: transactions of an application, objects that appear. Streams inside a system keep their records. */
export const fewerContents: ReductionPass = (world, fails) => {
  let current = world;
  for (const { name } of world.systems ?? []) {
    const lists = Object.entries(systemOf(current, name)).filter(([, part]) => isContents(part));
    for (const [field, list] of lists) {
      const withOnly = (kept: readonly unknown[]) => withSystem(current, { ...systemOf(current, name), [field]: kept });
      current = withOnly(minimalList(list as readonly object[], (kept) => fails(withOnly(kept))));
    }
  }
  return current;
};

function systemOf({ systems = [] }: World, name: string): SystemDescription {
  const found = systems.find((system) => system.name === name);
  invariant(found !== undefined, `the world has lost its system ${name}`);
  return found;
}

function withSystem(world: World, system: SystemDescription): World {
  return { ...world, systems: (world.systems ?? []).map((other) => (other.name === system.name ? system : other)) };
}

/** Things that happen at a time; tables, streams and buckets are none. */
function isContents(part: unknown): boolean {
  return Array.isArray(part) && part.length > 0 && part.every((entry) => typeof entry === "object" && entry !== null && "atMs" in entry);
}
