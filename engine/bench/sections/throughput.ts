/** The four jobs, the last one on both state backends, beside their yardsticks, in turn: how much of what JavaScript can do does the engine leave? */
import type { Row, Section } from "../section.ts";
import { type Settings, UsageError } from "../settings.ts";
import type { WorkName, WorkSize } from "../work.ts";

/** What a run took; a run in an isolate and one in plain Node look alike. */
export interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rows: number;
}

/** A place to run things again and again, which shares no compiled code with others. */
export interface Place {
  run(name: WorkName, size: WorkSize): Run;
  dispose(): void;
}

interface MeasuredJob {
  readonly letter: string;
  readonly name: "tumbling" | "sliding" | "session" | "dedup" | "dedup-lsm";
  /** What it is measured by. */
  readonly yardstick: "tumbling" | "sliding" | "session" | "dedup";
  /** Engine ÷ yardstick, from the page of performance baselines. */
  readonly target: number;
  /** What 10 M records give, in Flink and here. */
  readonly rowsOfTenMillion: number;
}

export const MEASURED_JOBS: readonly MeasuredJob[] = [
  { letter: "a", name: "tumbling", yardstick: "tumbling", target: 0.22, rowsOfTenMillion: 167_000 },
  { letter: "b", name: "sliding", yardstick: "sliding", target: 0.3, rowsOfTenMillion: 171_000 },
  { letter: "c", name: "session", yardstick: "session", target: 0.034, rowsOfTenMillion: 100_000 },
  { letter: "d", name: "dedup", yardstick: "dedup", target: 0.35, rowsOfTenMillion: 2_134_098 },
  { letter: "d", name: "dedup-lsm", yardstick: "dedup", target: 0.11, rowsOfTenMillion: 2_134_098 },
];

export function measureThroughput(settings: Settings, placeFor: (work: WorkName) => Place): Section {
  const jobs = MEASURED_JOBS.filter(({ name, letter }) => settings.job === null || settings.job === name || settings.job === letter);
  if (jobs.length === 0)
    throw new UsageError(`there is no job ${settings.job}; there are: ${MEASURED_JOBS.map(({ name }) => name).join(", ")}`);
  const rows = settings.engineOnly
    ? jobs.map((job) => engineAlone(settings, job, placeFor))
    : jobs.map((job) => besideYardstick(settings, job, placeFor));
  const sliced = jobs.some(({ name }) => name === "sliding") && !settings.engineOnly;
  return {
    title: `Throughput, ${settings.records.toLocaleString("en-US")} records, best of ${settings.repeat} (M records/s; ratio = engine ÷ yardstick by the clock, cpu ratio by time on the processor)`,
    judged: settings.engineOnly ? "engine" : "ratio",
    rows: sliced ? [...rows, slicedBesideSliding(settings, placeFor)] : rows,
  };
}

function besideYardstick(
  settings: Settings,
  { letter, name, yardstick: yardstickName, target, rowsOfTenMillion }: MeasuredJob,
  placeFor: (work: WorkName) => Place,
): Row {
  const [engine, yardstick] = bestInTurn(settings, [`engine/${name}`, `yardstick/${yardstickName}`], placeFor);
  const fault = faultOf(settings.records, engine!.rows, yardstick!.rows, rowsOfTenMillion);
  return {
    id: `${letter} ${name}`,
    figures: {
      engine: rate(settings.records, engine!.wallMs),
      yardstick: rate(settings.records, yardstick!.wallMs),
      ratio: yardstick!.wallMs / engine!.wallMs,
      "cpu ratio": yardstick!.cpuMs / engine!.cpuMs,
      rows: engine!.rows,
    },
    target: { atLeast: target },
    ...(fault === null ? {} : { fault }),
  };
}

function faultOf(records: number, rows: number, yardstickRows: number, rowsOfTenMillion: number): string | null {
  if (rows !== yardstickRows) return `${rows} rows, but the yardstick gave ${yardstickRows}`;
  if (records === 10_000_000 && rows !== rowsOfTenMillion) return `${rows} rows, not ${rowsOfTenMillion}`;
  return null;
}

function engineAlone(settings: Settings, { letter, name }: MeasuredJob, placeFor: (work: WorkName) => Place): Row {
  const [best] = bestInTurn(settings, [`engine/${name}`], placeFor);
  return { id: `${letter} ${name}`, figures: { engine: rate(settings.records, best!.wallMs), rows: best!.rows } };
}

/** For information: how fast a loop is that slices windows, which the yardstick of b does not. */
function slicedBesideSliding(settings: Settings, placeFor: (work: WorkName) => Place): Row {
  const [best] = bestInTurn(settings, ["yardstick/sliced"], placeFor);
  // The ratio is the engine's in the other rows; here it would be something else.
  return { id: "b sliced (yardstick only)", figures: { yardstick: rate(settings.records, best!.wallMs), rows: best!.rows } };
}

/** Each work in a place of its own; all run once per round, so that a noisy minute meets all of them. */
function bestInTurn(settings: Settings, works: readonly WorkName[], placeFor: (work: WorkName) => Place): Run[] {
  const places = works.map(placeFor);
  const best: Run[] = works.map(() => ({ wallMs: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY, rows: 0 }));
  for (let round = 0; round < settings.repeat; round++) {
    for (const [index, work] of works.entries()) {
      const run = places[index]!.run(work, { records: settings.records });
      const before = best[index]!;
      best[index] = { wallMs: Math.min(before.wallMs, run.wallMs), cpuMs: Math.min(before.cpuMs, run.cpuMs), rows: run.rows };
    }
  }
  for (const place of places) place.dispose();
  return best;
}

function rate(records: number, ms: number): number {
  return records / ms / 1000;
}
