import { Prng } from "../../src/base/prng.ts";
import type { Arrival, Fault, World, WorldCluster, WorldTopic } from "../../src/sim.ts";
import { DEFAULT_LIMITS } from "../../src/sim.ts";
import { DISORDER_MS, type Event, type Rule, SLOT_MS, SLOTS, START_MS } from "./event.ts";

/** What a variation may change about a world. The input is the seed's, always. */
export interface WorldVariation {
  readonly seed?: number;
  readonly cluster?: Partial<WorldCluster>;
  readonly costsUs?: Readonly<Record<string, number>>;
  readonly faults?: readonly Fault[];
}

const PARTITIONS = 3;
/** `a` has half of all events. */
const KEYS = ["a", "a", "a", "a", "a", "b", "c", "c", "d", "e"];
const BURST_MS = 15_000;

/**
 * The world of an input seed. Topics: `events` and `others` (out of order, duplicated, skewed, with silent partitions), `lates` (the same
 * with late records), `rules`. All records of a key are in one partition, so their order is the same however the job runs.
 */
export function worldOf(inputSeed: number, variation: WorldVariation = {}): World {
  const random = new Prng(inputSeed).fork("metamorphic input");
  return {
    seed: variation.seed ?? 1,
    startMs: START_MS,
    topics: [
      { name: "events", partitions: PARTITIONS, arrivals: events(random.fork("events"), false) },
      { name: "others", partitions: PARTITIONS, arrivals: events(random.fork("others"), false) },
      { name: "lates", partitions: PARTITIONS, arrivals: events(random.fork("lates"), true) },
      { name: "rules", partitions: 1, arrivals: rules(random.fork("rules")) },
      ...["out", "side"].map((name): WorldTopic => ({ name, partitions: 2, arrivals: [] })),
    ],
    services: [
      {
        name: "profiles",
        rows: KEYS.map((key) => ({ key, value: { country: key < "c" ? "north" : "south" } })),
        latencyMs: { min: 5, max: 400 },
      },
    ],
    cluster: { taskManagers: 2, slotsPerTaskManager: 4, parallelism: 1, ...variation.cluster },
    faults: variation.faults ?? [],
    end: { kind: "drain" },
    limits: { ...DEFAULT_LIMITS, maxRestarts: 100 },
    costsUs: variation.costsUs ?? {},
  };
}

function events(random: Prng, withLate: boolean): Arrival[] {
  const arrivals: Arrival[] = [];
  let id = 0;
  const add = (atMs: number, key: string, eventMs: number) => {
    const value: Event = { key, id: id++, amount: random.nextInt(9) + 1, atMs: eventMs };
    const arrival = { atMs, partition: key.charCodeAt(0) % PARTITIONS, key, value };
    arrivals.push(arrival);
    if (random.nextInt(100) < 8) arrivals.push(arrival);
  };
  for (let slot = 0; slot < SLOTS; slot++) {
    const slotMs = START_MS + slot * SLOT_MS;
    const silent = random.nextInt(PARTITIONS + 2);
    const times = Array.from({ length: 14 + random.nextInt(14) }, () => 5000 + random.nextInt(BURST_MS - 5000)).sort((a, b) => a - b);
    for (const time of times) {
      const key = KEYS[random.nextInt(KEYS.length)];
      if (key.charCodeAt(0) % PARTITIONS === silent) continue;
      add(slotMs + time, key, slotMs + time - random.nextInt(DISORDER_MS));
      // A slot or two late: the window has fired, or has been dropped, whenever the watermark exactly came.
      if (withLate && slot > 0 && time > 11_000 && random.nextInt(3) === 0) {
        add(slotMs + time, key, slotMs + time - SLOT_MS * (1 + random.nextInt(slot)));
      }
    }
  }
  // One record per partition in a slot of its own lets processing time pass the ends of all others.
  for (const key of ["x", "y", "z"]) add(START_MS + SLOTS * SLOT_MS + 5000, key, START_MS + SLOTS * SLOT_MS + 5000);
  return arrivals;
}

function rules(random: Prng): Arrival[] {
  return Array.from({ length: 5 }, (_, index): Arrival => {
    const fromMs = START_MS + Math.floor(index / 2) * SLOT_MS + (index % 2) * 8000 + 500;
    const value: Rule = { fromMs, factor: 2 + random.nextInt(8) };
    return { atMs: fromMs, partition: 0, key: null, value };
  });
}
