/**
 * What somebody wants to be different in a world that they have seen: records moved, added or left out, task managers killed, faults that do not strike.
 *
 * Records are called by where they lie in the world as it was given, whatever else changes, so that each change can be taken back alone. The list comes
 * from a browser or from a link that anybody may have written: everything in it is checked against the world, and the first thing that does not fit is
 * told.
 */
import type { Arrival, Fault, World, WorldTopic } from "@millrace/engine/sim";

export type WorldChange =
  /** The record arrives so much later (or earlier, below 0). Its own timestamp stays what it was. */
  | { readonly what: "move"; readonly topic: string; readonly partition: number; readonly offset: number; readonly byMs: number }
  | { readonly what: "remove"; readonly topic: string; readonly partition: number; readonly offset: number }
  | {
      readonly what: "add";
      readonly topic: string;
      readonly partition: number;
      readonly atMs: number;
      readonly key: string | null;
      /** The value as JSON text, at most MAX_VALUE_CHARS of it: what is nested without end has no place in so much. */
      readonly valueJson: string;
    }
  /** A task manager, counted from 1, is lost at this moment. */
  | { readonly what: "kill"; readonly taskManager: number; readonly atMs: number }
  /** One of the world's own faults, by its place in the list (from 0), does not strike. */
  | { readonly what: "spare"; readonly fault: number };

/** Where a record lies in the changed world, and where it comes from. */
export interface PlacedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly atMs: number;
  /** Its offset in the world as given; null = it was added. */
  readonly from: number | null;
  /** Index of the change that moved or added it; null = none did. */
  readonly change: number | null;
}

export type ChangedWorld =
  | { readonly kind: "world"; readonly world: World; readonly records: readonly PlacedRecord[] }
  /** The change (by index) asks for something that is not in this world; a sentence says what. */
  | { readonly kind: "refused"; readonly change: number; readonly message: string };

/** How far behind the last arrival something may happen: a run of months would only take the judge's time. */
const MAX_BEHIND_MS = 24 * 3600 * 1000;
/** Of an added value's JSON. */
export const MAX_VALUE_CHARS = 4_000;

class Refused extends Error {}

export function changedWorld(world: World, changes: readonly WorldChange[]): ChangedWorld {
  const topics = new Map(world.topics.filter(({ arrivals }) => arrivals.length > 0).map((topic) => [topic.name, new ChangedTopic(topic)]));
  const lastMs = world.topics.reduce((last, { arrivals }) => Math.max(last, arrivals.at(-1)?.atMs ?? last), world.startMs);
  const bounds = { fromMs: world.startMs, toMs: lastMs + MAX_BEHIND_MS };
  const spared = new Set<number>();
  const killed: Fault[] = [];
  for (const [index, change] of changes.entries()) {
    try {
      if (change.what === "kill") killed.push(killing(change, world, bounds));
      else if (change.what === "spare") spareFault(change.fault, world, spared);
      else topicOf(topics, change.topic).change(change, index, bounds);
    } catch (error) {
      if (error instanceof Refused) return { kind: "refused", change: index, message: error.message };
      throw error;
    }
  }
  const changed = new Map([...topics].map(([name, topic]) => [name, topic.place()]));
  return {
    kind: "world",
    world: {
      ...world,
      topics: world.topics.map((topic) => ({ ...topic, arrivals: changed.get(topic.name)?.arrivals ?? topic.arrivals })),
      faults: [...world.faults.filter((_, index) => !spared.has(index)), ...killed],
    },
    records: [...changed.values()].flatMap(({ records }) => records),
  };
}

interface Bounds {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Entry {
  arrival: Arrival;
  readonly from: number | null;
  change: number | null;
  removed: boolean;
}

class ChangedTopic {
  readonly #topic: WorldTopic;
  readonly #entries: Entry[] = [];
  /** By "partition:offset" of the world as given. */
  readonly #given = new Map<string, Entry>();

  constructor(topic: WorldTopic) {
    this.#topic = topic;
    const next = new Map<number, number>();
    for (const arrival of topic.arrivals) {
      const offset = next.get(arrival.partition) ?? 0;
      next.set(arrival.partition, offset + 1);
      const entry: Entry = { arrival, from: offset, change: null, removed: false };
      this.#entries.push(entry);
      this.#given.set(`${arrival.partition}:${offset}`, entry);
    }
  }

  change(change: Exclude<WorldChange, { what: "kill" | "spare" }>, index: number, bounds: Bounds): void {
    const { name, partitions } = this.#topic;
    if (change.what === "add") {
      const { partition, atMs, key, valueJson } = change;
      if (partition >= partitions) throw new Refused(`Topic ${name} has no partition ${partition}, only 0 to ${partitions - 1}.`);
      requireWithin(atMs, bounds);
      this.#entries.push({ arrival: { atMs, partition, key, value: parsedValue(valueJson) }, from: null, change: index, removed: false });
      return;
    }
    const entry = this.#given.get(`${change.partition}:${change.offset}`);
    if (entry === undefined) throw new Refused(`There is no record ${name} ${change.partition} : ${change.offset} in this world.`);
    if (entry.change !== null || entry.removed)
      throw new Refused(`Record ${name} ${change.partition} : ${change.offset} is changed twice.`);
    entry.change = index;
    if (change.what === "remove") {
      entry.removed = true;
      return;
    }
    const { arrival } = entry;
    const atMs = arrival.atMs + change.byMs;
    // What was there before the job may stay there.
    requireWithin(atMs, { ...bounds, fromMs: Math.min(bounds.fromMs, arrival.atMs) });
    entry.arrival = { ...arrival, atMs, timestampMs: arrival.timestampMs ?? arrival.atMs };
  }

  place(): { readonly arrivals: readonly Arrival[]; readonly records: readonly PlacedRecord[] } {
    const left = this.#entries.filter(({ removed }) => !removed).sort((a, b) => a.arrival.atMs - b.arrival.atMs);
    const next = new Map<number, number>();
    const records = left.map(({ arrival: { partition, atMs }, from, change }): PlacedRecord => {
      const offset = next.get(partition) ?? 0;
      next.set(partition, offset + 1);
      return { topic: this.#topic.name, partition, offset, atMs, from, change };
    });
    return { arrivals: left.map(({ arrival }) => arrival), records };
  }
}

function topicOf(topics: ReadonlyMap<string, ChangedTopic>, name: string): ChangedTopic {
  const topic = topics.get(name);
  if (topic === undefined) throw new Refused(`Nothing arrives in a topic “${name}” of this world.`);
  return topic;
}

function parsedValue(json: string): unknown {
  if (json.length > MAX_VALUE_CHARS) throw new Refused(`The value of an added record may have ${MAX_VALUE_CHARS} characters.`);
  try {
    return JSON.parse(json);
  } catch {
    throw new Refused("The value of an added record must be JSON.");
  }
}

function killing({ taskManager, atMs }: Extract<WorldChange, { what: "kill" }>, { cluster }: World, bounds: Bounds): Fault {
  if (taskManager > cluster.taskManagers)
    throw new Refused(
      cluster.taskManagers === 1 ? "This world has one task manager." : `This world has task managers 1 to ${cluster.taskManagers}.`,
    );
  requireWithin(atMs, bounds);
  return { kind: "crashTaskManager", taskManager: taskManager - 1, when: { kind: "atMs", atMs } };
}

function spareFault(index: number, { faults }: World, spared: Set<number>): void {
  if (index >= faults.length) throw new Refused(`This world has no fault number ${index + 1}.`);
  if (spared.has(index)) throw new Refused(`Fault number ${index + 1} is left out twice.`);
  spared.add(index);
}

function requireWithin(atMs: number, { fromMs, toMs }: Bounds): void {
  if (atMs < fromMs) throw new Refused("Nothing can happen before the job starts.");
  if (atMs > toMs) throw new Refused("Nothing may happen more than a day after the last arrival.");
}
