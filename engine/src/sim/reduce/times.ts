/** Which numbers of a world's values are times, and how to change all times of a record together. */
import type { Arrival, World } from "../world.ts";

const AROUND_MS = 40 * 24 * 3_600_000;

/** A number near the world's start is taken for a time of its own. */
export function isTime(value: number, { startMs }: Pick<World, "startMs">): boolean {
  return startMs > AROUND_MS && Math.abs(value - startMs) < AROUND_MS;
}

/** The record with every time changed: of its arrival, its timestamp, and those in its value. */
export function mapTimes(arrival: Arrival, world: World, change: (timeMs: number) => number): Arrival {
  return {
    ...arrival,
    atMs: change(arrival.atMs),
    value: mapValueTimes(arrival.value, world, change),
    ...(arrival.timestampMs === undefined ? {} : { timestampMs: change(arrival.timestampMs) }),
  };
}

function mapValueTimes(value: unknown, world: World, change: (timeMs: number) => number): unknown {
  if (typeof value === "number") return isTime(value, world) ? change(value) : value;
  if (Array.isArray(value)) return value.map((item) => mapValueTimes(item, world, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapValueTimes(item, world, change)]));
}
