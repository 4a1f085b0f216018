/** The measured queries over bounded sources that make native rows, into sinks that count them. */
import {
  DataGeneratorSource,
  type Sink,
  type SinkWriter,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from "../src/datastream.ts";
import { runWorld } from "../src/sim.ts";
import type { ProvidedTable } from "../src/sql/5-execute/translate.ts";
import { sqlProgram } from "../src/sql/sql-program.ts";
import { INSERT, isAccumulate } from "../src/types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../src/types/row.ts";
import { THROUGHPUT_WORLD } from "./jobs.ts";
import { BASE_MS, burstEvent, type Event, RECORDS_PER_WATERMARK, steadyEvent } from "./workload.ts";

const EVENTS = "(k INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)";
const IDENTIFIED = "(id INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)";
/** The event time's place in rows of both. */
const TIME_AT = 2 + FIELD_OFFSET;

interface SqlJob {
  /** Columns of the sink. */
  readonly sink: string;
  readonly query: string;
  /** One row per record and input table. */
  readonly tables: Readonly<Record<string, { readonly columns: string; readonly row: (i: number) => Row }>>;
  /** What one row of the result counts for; default 1 for each +I and +U. */
  readonly tally?: () => Tally;
}

/** Adds up what comes in. Engine and expectation (sections/sql.ts) are compared by it. */
interface Tally {
  add(row: Row): void;
  result(): number;
}

const steady = { events: { columns: EVENTS, row: (i: number) => rowOf(steadyEvent(i)) } };
const window = (call: string, size: string): string =>
  `SELECT k, window_start, window_end, COUNT(*) FROM TABLE(${call}(TABLE events${call === "SESSION" ? " PARTITION BY k" : ""}, DESCRIPTOR(ts), ${size})) GROUP BY k, window_start, window_end`;
const WINDOW_SINK = "(k INT, ws TIMESTAMP(3), we TIMESTAMP(3), n BIGINT)";
const firstByTime = (limit: number, order: string): string =>
  `SELECT k, v, ts FROM (SELECT k, v, ts, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ${order}) AS rn FROM events) WHERE rn <= ${limit}`;

/** As in the page of baselines: a thousand keys, a record per millisecond; sessions with workload c; joins on an id that each side has once. */
export const SQL_JOBS = {
  tumble: { sink: WINDOW_SINK, query: window("TUMBLE", "INTERVAL '1' MINUTE"), tables: steady },
  hop: { sink: WINDOW_SINK, query: window("HOP", "INTERVAL '1' MINUTE, INTERVAL '5' MINUTE"), tables: steady },
  session: {
    sink: WINDOW_SINK,
    query: window("SESSION", "INTERVAL '30' SECOND"),
    tables: { events: { columns: EVENTS, row: (i) => rowOf(burstEvent(i)) } },
  },
  dedup: {
    sink: "(k INT, v INT, ts TIMESTAMP(3))",
    query: firstByTime(1, "PROCTIME()"),
    tables: steady,
  },
  "top-10": { sink: "(k INT, v INT, ts TIMESTAMP(3))", query: firstByTime(10, "v DESC"), tables: steady },
  "interval-join": {
    sink: "(id INT, v INT, w INT)",
    query: `SELECT l.id, l.v, r.v FROM l JOIN r ON l.id = r.id AND l.ts BETWEEN r.ts - INTERVAL '5' SECOND AND r.ts + INTERVAL '5' SECOND`,
    tables: { l: { columns: IDENTIFIED, row: identified }, r: { columns: IDENTIFIED, row: identified } },
  },
  "regular-join": {
    sink: "(id INT, v INT, w INT)",
    query: "SELECT l.id, l.v, r.v FROM l JOIN r ON l.id = r.id",
    tables: { l: { columns: IDENTIFIED, row: identified }, r: { columns: IDENTIFIED, row: identified } },
  },
  "aggregates-join": {
    sink: "(k INT, n BIGINT, s INT)",
    query:
      "SELECT a.k, a.n, b.s FROM (SELECT k, COUNT(*) AS n FROM l GROUP BY k) a JOIN (SELECT k, SUM(v) AS s FROM r GROUP BY k) b ON a.k = b.k",
    tables: { l: { columns: EVENTS, row: (i) => rowOf(steadyEvent(i)) }, r: { columns: EVENTS, row: (i) => rowOf(steadyEvent(i)) } },
    tally: lastCounts,
  },
  "over-range": {
    sink: "(k INT, ts TIMESTAMP(3), s INT)",
    query: "SELECT k, ts, SUM(v) OVER (PARTITION BY k ORDER BY ts RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW) FROM events",
    tables: steady,
  },
  "group-aggregate": { sink: "(k INT, n BIGINT, s INT)", query: "SELECT k, COUNT(*), SUM(v) FROM events GROUP BY k", tables: steady },
  "group-aggregate-mini-batch": {
    sink: "(k INT, n BIGINT, s INT)",
    query: "SELECT k, COUNT(*), SUM(v) FROM events GROUP BY k",
    tables: steady,
    tally: lastCounts,
  },
} as const satisfies Readonly<Record<string, SqlJob>>;

export type SqlJobName = keyof typeof SQL_JOBS;

const SETTINGS: Readonly<Partial<Record<SqlJobName, string>>> = {
  "group-aggregate-mini-batch": `SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.allow-latency' = '1 s';
SET 'table.exec.mini-batch.size' = '5000';`,
};

function rowOf({ key, value, timeMs }: Event): Row {
  return [INSERT, key, value, timeMs];
}

function identified(i: number): Row {
  return [INSERT, i, i % 97, BASE_MS + i];
}

function countRows(): Tally {
  let rows = 0;
  return {
    add(row) {
      if (isAccumulate(kindOf(row))) rows++;
    },
    result: () => rows,
  };
}

/** Where the number of rows depends on how two inputs interleave: the sum of the last count of each key, which does not. */
function lastCounts(): Tally {
  const counts = new Float64Array(1000);
  return {
    add(row) {
      if (isAccumulate(kindOf(row))) counts[row[FIELD_OFFSET] as number] = row[FIELD_OFFSET + 1] as number;
    },
    result: () => counts.reduce((sum, count) => sum + count, 0),
  };
}

/** Runs the records of each input to the end; returns the tally. */
export function runSqlJob(name: SqlJobName, records: number): number {
  const job: SqlJob = SQL_JOBS[name];
  const tally = (job.tally ?? countRows)();
  const provided = new Map<string, ProvidedTable>([["sink", { sink: new TallySink(tally) }]]);
  const ddl = [`CREATE TABLE sink ${job.sink} WITH ('connector' = 'blackhole');`];
  for (const [table, { columns, row }] of Object.entries(job.tables)) {
    ddl.push(`CREATE TABLE ${table} ${columns} WITH ('connector' = 'datagen');`);
    provided.set(table, { source: { source: new DataGeneratorSource<Row>(row, records), watermarks: perThousand() } });
  }
  const given = [SETTINGS[name] ?? "", ...ddl].join("\n");
  const { program, diagnostics } = sqlProgram(`INSERT INTO sink ${job.query};`, { given, topics: [], provided });
  if (program === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const outcome = runWorld(program, THROUGHPUT_WORLD);
  if (outcome.status !== "finished") throw new Error(`the job ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return tally.result();
}

class TallySink implements Sink<Row> {
  private readonly tally: Tally;

  constructor(tally: Tally) {
    this.tally = tally;
  }

  createWriter(): SinkWriter<Row> {
    const { tally } = this;
    return { write: (row: Row) => tally.add(row), flush() {}, close() {} };
  }
}

class WatermarkPerThousand implements WatermarkGenerator<Row> {
  private seen = 0;

  onEvent(_row: Row, timestampMs: number, output: WatermarkOutput): void {
    if (++this.seen % RECORDS_PER_WATERMARK === 0) output.emitWatermark(timestampMs - 1);
  }

  onPeriodicEmit(): void {}
}

function perThousand(): WatermarkStrategy<Row> {
  return WatermarkStrategy.forGenerator<Row>(() => new WatermarkPerThousand()).withTimestampAssigner((row) => row[TIME_AT] as number);
}
