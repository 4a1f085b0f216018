/**
 * `{ world: "real" }`: the week as it was, in order of the reports. `{ world: "made", flights, hours }`: a week made like it: route and delay
 * together from a flight drawn from the real week, the planned time drawn anew, some of them exactly at midnight, exactly `apartHours` after
 * another flight of the same airport (or a minute more), or at the same minute as another. No report is more than 190 minutes behind its time.
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
  readonly flights?: number;
  readonly hours?: number;
  readonly apartHours?: number;
  readonly partitions?: number;
}

interface Flight {
  readonly flight: string;
  readonly origin: string;
  readonly destination: string;
  readonly planned: number;
  readonly delay: number;
}

const MINUTE_MS = 60_000;
const rows = data.rows as unknown as readonly (readonly [number, number, string, string])[];

export default function generate(random: Random, params: Params) {
  const flights = params.world === "real" ? rows.map(([minute, ...of], index) => flightOf(index, minute, of)) : madeWeek(random, params);
  const partitions = params.partitions ?? 1;
  const arriving = flights.map((value) => ({
    atMs: value.planned + Math.max(value.delay, -60) * MINUTE_MS + 5 * MINUTE_MS,
    partition: partitions === 1 ? 0 : value.origin.charCodeAt(0) % partitions,
    key: value.origin,
    value,
  }));
  arriving.sort((a, b) => a.atMs - b.atMs || (a.value.flight < b.value.flight ? -1 : 1));
  return { flights: arriving };
}

function flightOf(index: number, minute: number, [delay, origin, destination]: readonly [number, string, string]): Flight {
  return { flight: `f_${1000 + index}`, origin, destination, planned: data.baseMs + minute * MINUTE_MS, delay };
}

function madeWeek(random: Random, params: Params): Flight[] {
  const hours = params.hours ?? 72;
  const apart = (params.apartHours ?? 6) * 60;
  const flights: Flight[] = [];
  const minuteOf = (flight: Flight) => (flight.planned - data.baseMs) / MINUTE_MS;
  for (let index = 0; index < (params.flights ?? 100); index++) {
    const [, ...of] = rows[random.nextInt(rows.length)];
    const others = flights.filter((flight) => flight.origin === of[1]);
    const drawn = random.next();
    let minute = random.nextInt(hours * 60);
    if (drawn < 0.08) minute = random.nextInt(hours / 24) * 24 * 60;
    else if (drawn < 0.4 && others.length > 0) {
      const distance = drawn < 0.18 ? apart : drawn < 0.26 ? apart + 1 : drawn < 0.34 ? 0 : random.nextInt(apart);
      minute = minuteOf(others[random.nextInt(others.length)]) + distance;
    }
    flights.push(flightOf(index, minute, of));
  }
  return flights;
}
