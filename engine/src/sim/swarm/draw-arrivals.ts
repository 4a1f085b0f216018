/**
 * Draws what comes into a job's topics: how many keys, one of them hot or not, out of order within a bound, doubled now and then, in bursts,
 * with partitions that are silent for a while.
 *
 * What is drawn never makes a result depend on the schedule: all events of a key are in one partition of a topic, and no event is later than
 * `SWARM_DISORDER_MS` within its partition, so that a job which waits for its watermark as long (and no shorter when a partition is idle)
 * drops nothing.
 */
import type { Prng } from "../../base/prng.ts";
import type { Arrival, WorldTopic } from "../world.ts";
import type { SwarmEvent, SwarmInput } from "./workload.ts";

/** How far an event may lie behind the newest of its partition. */
export const SWARM_DISORDER_MS = 2000;
/** Events per topic: a world has to be run in a few milliseconds. */
const EVENTS = { least: 10, more: 110 } as const;

/** What all topics of one world have in common. */
export interface ArrivalStyle {
  readonly partitions: number;
  readonly events: number;
  readonly keys: number;
  /** Of 100 events so many have the first key, besides its share. */
  readonly skewPercent: number;
  readonly disorderMs: number;
  readonly duplicatePercent: number;
  readonly gapMs: number;
  /** A burst is followed by so much silence. */
  readonly burstEvents: number;
  readonly burstPauseMs: number;
  /** This partition gets nothing in the middle third of the events; null = none. */
  readonly idlePartition: number | null;
}

export function drawArrivalStyle(random: Prng, leastPartitions: number): ArrivalStyle {
  const chance = (percent: number) => random.nextInt(100) < percent;
  const partitions = leastPartitions + random.nextInt(2);
  return {
    partitions,
    events: EVENTS.least + random.nextInt(EVENTS.more),
    keys: 1 + random.nextInt(8),
    skewPercent: chance(40) ? 30 + random.nextInt(60) : 0,
    disorderMs: chance(75) ? 1 + random.nextInt(SWARM_DISORDER_MS) : 1,
    duplicatePercent: chance(40) ? 1 + random.nextInt(20) : 0,
    gapMs: 10 + random.nextInt(250),
    burstEvents: chance(50) ? 5 + random.nextInt(20) : Number.MAX_SAFE_INTEGER,
    burstPauseMs: 500 + random.nextInt(4000),
    idlePartition: chance(30) ? random.nextInt(partitions) : null,
  };
}

export function drawArrivals(random: Prng, startMs: number, style: ArrivalStyle, input: SwarmInput): WorldTopic {
  const { topic, share = 1, toValue } = input;
  const { partitions } = style;
  const events = Math.max(1, Math.round(style.events * share));
  const arrivals: Arrival[] = [];
  let nowMs = startMs;
  for (let id = 0; id < events; id++) {
    nowMs += random.nextInt(style.gapMs);
    if (id > 0 && id % style.burstEvents === 0) nowMs += style.burstPauseMs;
    const number = random.nextInt(100) < style.skewPercent ? 0 : random.nextInt(style.keys);
    const partition = number % partitions;
    const event: SwarmEvent = {
      key: `k${number}`,
      id,
      amount: 1 + random.nextInt(9),
      atMs: nowMs - random.nextInt(style.disorderMs),
    };
    const isSilent = partition === style.idlePartition && id > events / 3 && id < (events * 2) / 3;
    const isDouble = random.nextInt(100) < style.duplicatePercent;
    if (isSilent) continue;
    const value = toValue === undefined ? event : toValue(event);
    const arrival: Arrival = { atMs: nowMs, partition, key: event.key, value, timestampMs: event.atMs };
    arrivals.push(arrival);
    if (isDouble) arrivals.push(arrival);
  }
  return { name: topic, partitions, arrivals };
}
