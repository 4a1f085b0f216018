/**
 * Two ways to fill the topic `quakes`.
 *
 * `{ world: "real" }`: the week as it was, every record when it arrived, without those that come more than two days late.
 *
 * `{ world: "made", records, hours, late }`: a week made like it. Each quake takes network, magnitude, place and delay together from a
 * record drawn from the real week, so that a made world has the real mix of networks and the real delays of each. What is drawn anew is
 * when it shook. With `late: false` only quakes that are on time are kept; with `late: true` the stragglers stay, except those for which
 * a few seconds of processing time would decide (see `keepDecided`), so that every correct job gives the same answer.
 */
import data from "./data.json";

/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly world: "real" | "made";
  readonly records?: number;
  readonly hours?: number;
  readonly late?: boolean;
  readonly partitions?: number;
}

interface Quake {
  readonly id: string;
  readonly net: string;
  readonly mag: number | null;
  readonly place: string;
  readonly time: number;
}

interface Arriving {
  readonly atMs: number;
  readonly quake: Quake;
}

const HOUR_MS = 3_600_000;
const BOUND_MS = 48 * HOUR_MS;
const START_MS = data.baseMs;
/** Hours in which more than half of all quakes fall, so that there is something to count and compare. */
const SWARMS = 12;
const WEAK = [-0.4, -0.1, null, -0.7];
/** Deciding moments closer than this are left out. */
const MARGIN_MS = 5_000;

const rows = data.rows as unknown as readonly (readonly [number, number, number, string, number, string])[];

export default function generate(random: Random, params: Params) {
  const arriving = params.world === "real" ? keepDecided(realWeek(), false) : madeWeek(random, params);
  const partitions = params.partitions ?? 1;
  return {
    quakes: arriving.map(({ atMs, quake }) => ({
      atMs,
      partition: partitions === 1 ? 0 : partitionOf(quake.net, partitions),
      key: quake.net,
      value: quake,
    })),
  };
}

function realWeek(): Arriving[] {
  return rows.map(([time, updated, mag, net, place, id]) => ({
    atMs: START_MS + updated,
    quake: { id, net, mag, place: data.places[place], time: START_MS + time },
  }));
}

function madeWeek(random: Random, params: Params): Arriving[] {
  const records = params.records ?? 200;
  const spanMs = (params.hours ?? 96) * HOUR_MS;
  const swarms = Array.from({ length: SWARMS }, () => random.nextInt(spanMs / HOUR_MS) * HOUR_MS);
  const arriving: Arriving[] = [];
  for (let number = 0; number < records; number++) {
    const [time, updated, mag, net, place] = rows[random.nextInt(rows.length)];
    const shookMs = random.next() < 0.6 ? swarms[random.nextInt(SWARMS)] + random.nextInt(HOUR_MS) : random.nextInt(spanMs);
    const delayMs = updated - time;
    arriving.push({
      atMs: START_MS + shookMs + delayMs,
      quake: {
        id: `${net}${70_000_000 + number}`,
        net,
        mag: random.next() < 0.06 ? null : mag,
        place: data.places[place],
        time: START_MS + shookMs,
      },
    });
  }
  // A swarm that nobody felt: even the strongest has a negative magnitude.
  const weakMs = START_MS + random.nextInt(spanMs);
  for (let number = 0; number < WEAK.length; number++) {
    const time = weakMs + number * 20 * 60_000 + random.nextInt(60_000);
    arriving.push({
      atMs: time + 600_000,
      quake: { id: `uw${90_000_000 + number}`, net: "uw", mag: WEAK[number], place: "Mount St. Helens, WA", time },
    });
  }
  arriving.sort((a, b) => a.atMs - b.atMs || a.quake.time - b.quake.time);
  return keepDecided(arriving, params.late ?? false);
}

/**
 * A record is on time for certain when even a watermark without any delay has not passed its hour, and late for certain when a watermark
 * that is `MARGIN_MS` old has. Of the others it depends on the moment at which the watermark is sent; they are left out.
 */
function keepDecided(arriving: readonly Arriving[], late: boolean): Arriving[] {
  const kept: Arriving[] = [];
  let newestMs = Number.NEGATIVE_INFINITY;
  let settledMs = Number.NEGATIVE_INFINITY;
  let settled = 0;
  const taken = new Set<number>();
  for (const one of arriving) {
    while (settled < kept.length && kept[settled].atMs <= one.atMs - MARGIN_MS) {
      settledMs = Math.max(settledMs, kept[settled++].quake.time);
    }
    const lastMs = Math.floor(one.quake.time / HOUR_MS) * HOUR_MS + HOUR_MS - 1;
    const onTime = newestMs - BOUND_MS - 1 < lastMs;
    const hopeless = settledMs - BOUND_MS - 1 >= lastMs;
    if (taken.has(one.quake.time) || !(onTime || (late && hopeless))) {
      continue;
    }
    taken.add(one.quake.time);
    kept.push(one);
    newestMs = Math.max(newestMs, one.quake.time);
  }
  return kept;
}

function partitionOf(net: string, partitions: number): number {
  return (net.charCodeAt(0) * 31 + net.charCodeAt(1)) % partitions;
}
