/**
 * Values that are easier to read: short names, small numbers. Names are changed everywhere at once, so that equal keys stay equal; numbers
 * a field at a time. Times are left to `earlier-times.ts`.
 */
import type { World } from "../world.ts";
import type { ReductionPass } from "./reduce-world.ts";
import { isTime } from "./times.ts";

export const shorterNames: ReductionPass = function* (world) {
  const names = shortNames(world);
  if (names.size === 0) return world;
  const renamed = mapArrivals(world, (value) => (typeof value === "string" ? (names.get(value) ?? value) : value));
  return (yield renamed) ? renamed : world;
};

export const smallerNumbers: ReductionPass = function* (world) {
  let current = world;
  for (const field of numberFields(current)) {
    for (const simple of [0, 1]) {
      const smaller = mapArrivals(current, (value, path) => (path === field && isSmallable(value, world) ? simple : value));
      if (!(yield smaller)) continue;
      current = smaller;
      break;
    }
  }
  return current;
};

/** The names in the values and keys, each with a short one, where that is shorter: a, b, c … */
function shortNames(world: World): Map<string, string> {
  const found = new Set<string>();
  mapArrivals(world, (value) => {
    if (typeof value === "string" && value.length > 1) found.add(value);
    return value;
  });
  return new Map([...found].slice(0, 26).map((name, index) => [name, String.fromCharCode(97 + index)]));
}

function numberFields(world: World): string[] {
  const fields = new Set<string>();
  mapArrivals(world, (value, path) => {
    if (isSmallable(value, world) && value !== 0 && value !== 1) fields.add(path);
    return value;
  });
  return [...fields];
}

function isSmallable(value: unknown, world: World): value is number {
  return typeof value === "number" && !isTime(value, world);
}

/** Changes every leaf of every value, and every key. The path of a leaf is its topic and the names on the way to it. */
function mapArrivals(world: World, change: (leaf: unknown, path: string) => unknown): World {
  const topics = world.topics.map((topic) => ({
    ...topic,
    arrivals: topic.arrivals.map((arrival) => ({
      ...arrival,
      key: arrival.key === null ? null : String(change(arrival.key, `${topic.name}/key`)),
      value: mapLeaves(arrival.value, topic.name, change),
    })),
  }));
  return { ...world, topics };
}

function mapLeaves(value: unknown, path: string, change: (leaf: unknown, path: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, `${path}[]`, change));
  if (typeof value !== "object" || value === null) return change(value, path);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapLeaves(item, `${path}.${name}`, change)]));
}
