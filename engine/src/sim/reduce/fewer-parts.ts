/** Takes parts out of a world: faults, records, settings, and what is outside the cluster. */
import { invariant } from "../../base/invariant.ts";
import type { SystemDescription } from "../../connectors/systems/outside-system.ts";
import type { Arrival, World } from "../world.ts";
import { minimalList } from "./delta-debugging.ts";
import { within } from "./proposals.ts";
import type { ReductionPass } from "./reduce-world.ts";

export const fewerFaults: ReductionPass = function* (world) {
  const withOnly = (faults: World["faults"]): World => ({ ...world, faults });
  return withOnly(yield* within(minimalList(world.faults), withOnly));
};

/** All topics together, in the order of time: what comes late is more often needless. */
export const fewerArrivals: ReductionPass = function* (world) {
  const all = inOrderOfTime(world);
  const withOnly = (kept: readonly PlacedArrival[]) => withArrivals(world, kept);
  return withOnly(yield* within(minimalList(all), withOnly));
};

/** Shorter stretches need no help. */
const LONG = 16;

/**
 * Of a long stretch what lies before and behind the failure: its end is looked for by halves, then its beginning. A failure need not depend on them in
 * that simple way; what is found fails all the same, and is mostly much shorter.
 */
export const shorterStretch: ReductionPass = function* (world) {
  const all = inOrderOfTime(world);
  if (all.length <= LONG) return world;
  // The fewest that are known to fail, and the most that are known not to.
  let [enough, tooFew] = [all.length, 0];
  while (enough - tooFew > 1) {
    const count = (enough + tooFew) >> 1;
    if (yield withArrivals(world, all.slice(0, count))) enough = count;
    else tooFew = count;
  }
  const head = all.slice(0, enough);
  [enough, tooFew] = [head.length, 0];
  while (enough - tooFew > 1) {
    const count = (enough + tooFew) >> 1;
    if (yield withArrivals(world, head.slice(-count))) enough = count;
    else tooFew = count;
  }
  return withArrivals(world, head.slice(-enough));
};

/** Whole keys go before single records: of a hundred users, mostly one or two are needed. */
export const fewerKeys: ReductionPass = function* (world) {
  let current = world;
  for (const name of keyFields(world)) {
    const all = inOrderOfTime(current);
    const keys = [...new Set(all.map(({ arrival }) => keyOf(arrival, name)))];
    if (keys.length < 2) continue;
    const withOnly = (kept: readonly unknown[]) =>
      withArrivals(
        current,
        all.filter(({ arrival }) => kept.includes(keyOf(arrival, name))),
      );
    current = withOnly(yield* within(minimalList(keys), withOnly));
  }
  return current;
};

/** The record's own key, then names in its value that several records share. */
function keyFields(world: World): string[] {
  const values = new Map<string, Set<unknown>>();
  const counts = new Map<string, number>();
  for (const { arrival } of inOrderOfTime(world)) {
    for (const name of [KEY, ...Object.keys(fieldsOf(arrival.value))]) {
      const value = keyOf(arrival, name);
      if (typeof value !== "string") continue;
      values.set(name, (values.get(name) ?? new Set()).add(value));
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const shared = [...values].filter(([name, seen]) => seen.size > 1 && seen.size * 2 <= (counts.get(name) ?? 0));
  return shared.map(([name]) => name);
}

/** Not the name of a field. */
const KEY = "";

function keyOf(arrival: Arrival, name: string): unknown {
  return name === KEY ? arrival.key : fieldsOf(arrival.value)[name];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

interface PlacedArrival {
  readonly topic: string;
  readonly arrival: Arrival;
}

function inOrderOfTime(world: World): PlacedArrival[] {
  const all = world.topics.flatMap(({ name, arrivals }) => arrivals.map((arrival) => ({ topic: name, arrival })));
  return all.sort((a, b) => a.arrival.atMs - b.arrival.atMs);
}

function withArrivals(world: World, kept: readonly PlacedArrival[]): World {
  const byTopic = new Map<string, Arrival[]>(world.topics.map(({ name }) => [name, []]));
  for (const { topic, arrival } of kept) byTopic.get(topic)?.push(arrival);
  return { ...world, topics: world.topics.map((topic) => ({ ...topic, arrivals: byTopic.get(topic.name) ?? [] })) };
}

export const fewerSettings: ReductionPass = function* (world) {
  const { configuration, ...cluster } = world.cluster;
  if (configuration === undefined) return world;
  const withOnly = (kept: readonly (readonly [string, string])[]): World => ({
    ...world,
    cluster: kept.length === 0 ? cluster : { ...cluster, configuration: Object.fromEntries(kept) },
  });
  return withOnly(yield* within(minimalList(Object.entries(configuration)), withOnly));
};

/** Services and systems that nobody needs, topics that do not grow, operators that cost as usual. */
export const withoutOutside: ReductionPass = function* (world) {
  const withServices = (services: NonNullable<World["services"]>): World => ({ ...world, services });
  let current = world;
  const { services = [], systems = [] } = world;
  if (services.length > 0) current = withServices(yield* within(minimalList(services), withServices));
  const before = current;
  const withSystems = (kept: readonly SystemDescription[]): World => ({ ...before, systems: kept });
  if (systems.length > 0) current = withSystems(yield* within(minimalList(systems), withSystems));
  if (Object.keys(current.costsUs).length > 0) {
    const usual = { ...current, costsUs: {} };
    if (yield usual) current = usual;
  }
  if (current.topics.some(({ growth }) => growth !== undefined)) {
    const fixed = { ...current, topics: current.topics.map(({ growth: _, ...topic }) => topic) };
    if (yield fixed) current = fixed;
  }
  return current;
};

/** What others do in systems: transactions of an application, objects that appear. Streams inside a system keep their records. */
export const fewerContents: ReductionPass = function* (world) {
  let current = world;
  for (const { name } of world.systems ?? []) {
    const lists = Object.entries(systemOf(current, name)).filter(([, part]) => isContents(part));
    for (const [field, list] of lists) {
      const before = current;
      const withOnly = (kept: readonly unknown[]) => withSystem(before, { ...systemOf(before, name), [field]: kept });
      current = withOnly(yield* within(minimalList(list as readonly object[]), withOnly));
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
