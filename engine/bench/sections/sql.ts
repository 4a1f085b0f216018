/** The measured queries beside the yardstick of job a, in turn: the second table of the performance baselines. */
import type { Row, Section } from "../section.ts";
import type { SqlJobName } from "../sql-jobs.ts";
import type { SqlSettings } from "../sql-settings.ts";
import { steadyEvent } from "../workload.ts";
import { sessionCounts, slidingCounts, tumblingCounts } from "../yardstick.ts";
import type { Place, Run } from "./throughput.ts";

/** The yardstick runs longer than the queries: 2 M records take it some 60 ms. */
const YARDSTICK_RECORDS = 10_000_000;
const KEYS = 1000;
const TOP = 10;

interface MeasuredQuery {
  readonly name: SqlJobName;
  /** Engine ÷ yardstick a, from the page of performance baselines; null = for information. */
  readonly target: number | null;
  /** What the sink's tally must be. */
  readonly expected: (records: number) => number;
}

const everyRecord = (records: number): number => records;

export const MEASURED_QUERIES: readonly MeasuredQuery[] = [
  { name: "tumble", target: 0.09, expected: tumblingCounts },
  { name: "hop", target: 0.09, expected: slidingCounts },
  { name: "session", target: 0.04, expected: sessionCounts },
  { name: "dedup", target: 0.08, expected: () => KEYS },
  { name: "top-10", target: 0.07, expected: entriesIntoTop },
  { name: "interval-join", target: 0.02, expected: everyRecord },
  { name: "regular-join", target: 0.02, expected: everyRecord },
  { name: "aggregates-join", target: 0.03, expected: everyRecord },
  { name: "over-range", target: 0.02, expected: everyRecord },
  { name: "group-aggregate", target: 0.08, expected: everyRecord },
  { name: "group-aggregate-mini-batch", target: null, expected: everyRecord },
];

/** How often a record gets among the ten largest values of its key; of equal values the first to come stays. */
function entriesIntoTop(records: number): number {
  const tops = Array.from({ length: KEYS }, (): number[] => []);
  let entries = 0;
  for (let i = 0; i < records; i++) {
    const { key, value } = steadyEvent(i);
    const top = tops[key]!;
    let at = top.length;
    while (at > 0 && top[at - 1]! < value) at--;
    if (at >= TOP) continue;
    top.splice(at, 0, value);
    if (top.length > TOP) top.pop();
    entries++;
  }
  return entries;
}

export function measureSql(settings: SqlSettings, placeFor: () => Place): Section {
  const queries = MEASURED_QUERIES.filter(({ name }) => settings.queries.length === 0 || settings.queries.includes(name));
  const places = { engine: queries.map(placeFor), yardstick: settings.engineOnly ? null : placeFor() };
  const best = queries.map((): Run => ({ wallMs: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY, rows: 0 }));
  let yardstick: Run = { wallMs: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY, rows: 0 };
  for (let round = 0; round < settings.repeat; round++) {
    for (const [index, { name }] of queries.entries()) {
      best[index] = better(best[index]!, places.engine[index]!.run(`sql/${name}`, { records: settings.records }));
      if (places.yardstick !== null)
        yardstick = better(yardstick, places.yardstick.run("yardstick/tumbling", { records: YARDSTICK_RECORDS }));
    }
  }
  for (const place of places.engine) place.dispose();
  places.yardstick?.dispose();
  return {
    title: `SQL, ${settings.records.toLocaleString("en-US")} records of each input, best of ${settings.repeat} (M records/s; ratio = engine ÷ yardstick a by the clock, cpu ratio by time on the processor)`,
    judged: settings.engineOnly ? "engine" : "ratio",
    rows: queries.map((query, index) => rowOf(settings, query, best[index]!, settings.engineOnly ? null : yardstick)),
  };
}

function better(before: Run, run: Run): Run {
  return { wallMs: Math.min(before.wallMs, run.wallMs), cpuMs: Math.min(before.cpuMs, run.cpuMs), rows: run.rows };
}

function rowOf({ records }: SqlSettings, { name, target, expected }: MeasuredQuery, run: Run, yardstick: Run | null): Row {
  const rows = expected(records);
  const fault = run.rows === rows ? {} : { fault: `${run.rows} rows, not ${rows}` };
  const figures = { engine: records / run.wallMs / 1000, rows: run.rows };
  if (yardstick === null) return { id: name, figures, ...fault };
  const perRecord = { wall: yardstick.wallMs / YARDSTICK_RECORDS, cpu: yardstick.cpuMs / YARDSTICK_RECORDS };
  return {
    id: name,
    figures: {
      ...figures,
      yardstick: 1 / perRecord.wall / 1000,
      ratio: perRecord.wall / (run.wallMs / records),
      "cpu ratio": perRecord.cpu / (run.cpuMs / records),
    },
    ...(target === null ? {} : { target: { atLeast: target } }),
    ...fault,
  };
}
