/** Jobs in SQL: the same tasks, state backends and checkpoints, under operators that the planner has made. */
import type { JobProgram } from "../../../src/graph/stream-graph.ts";
import { sqlProgram } from "../../../src/sql.ts";
import type { SqlProgramOptions } from "../../../src/sql/sql-program.ts";
import { type Promises, SWARM_DISORDER_MS, type SwarmWorkload } from "../../../src/sim.ts";
import { into, WAREHOUSE } from "./systems.ts";
import { ONE_INPUT, type SwarmJob, TWO_INPUTS } from "./swarm-job.ts";

const events = (topic: string) => `
CREATE TABLE ${topic} (
  \`key\` STRING, id INT, amount INT, atMs BIGINT,
  ts AS TO_TIMESTAMP_LTZ(atMs, 3),
  WATERMARK FOR ts AS ts - INTERVAL '${SWARM_DISORDER_MS / 1000}' SECOND
) WITH ('connector' = 'kafka', 'topic' = '${topic}', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');`;

/** A table in the topic "out", written in transactions. Records have the column `key` as their key. */
const rows = (columns: string, guarantee = "exactly-once") => `
CREATE TABLE output (\`key\` STRING, ${columns}) WITH (
  'connector' = 'kafka', 'topic' = 'out', 'key.format' = 'raw', 'key.fields' = 'key', 'value.format' = 'json',
  'sink.delivery-guarantee' = '${guarantee}', 'sink.transactional-id-prefix' = 'out');`;

/** A table of upserts in the topic "out". */
const upserts = (columns: string, primaryKey: string) => `
CREATE TABLE output (\`key\` STRING, ${columns}, PRIMARY KEY (${primaryKey}) NOT ENFORCED) WITH (
  'connector' = 'upsert-kafka', 'topic' = 'out', 'key.format' = 'json', 'value.format' = 'json');`;

const OPTIONS: SqlProgramOptions = { given: `${events("events")}${events("others")}`, topics: ["events", "others", "out"] };

function compile(name: string, script: string): JobProgram {
  const { program, diagnostics } = sqlProgram(script, OPTIONS);
  if (program === null) throw new Error(`${name}: ${JSON.stringify(diagnostics)}`);
  return program;
}

function sqlJob(name: string, script: string, { promises, workload }: Pick<SwarmJob, "promises" | "workload">): SwarmJob {
  let compiled: JobProgram | null = null;
  return {
    name: `SQL: ${name}`,
    promises,
    workload,
    // Once for all worlds: a program can be deployed again and again.
    program() {
      compiled ??= compile(name, script);
      return compiled;
    },
  };
}

/** Operators of windows remember how far event time had come, in union list state. */
const WINDOWS: Promises = { delivery: "exactlyOnce", cleansState: true, keepsStates: ["watermark"] };
const inEventTime = { promises: { ...WINDOWS, ordersKeys: true }, workload: ONE_INPUT };
const updating = (workload: SwarmWorkload = ONE_INPUT) => ({ promises: { delivery: "lastPerKey" }, workload }) as const;

/** A table that answers when it likes, and the events with the time of asking. */
const LOOKED_UP = `
CREATE TABLE levels (name STRING, level INT, PRIMARY KEY (name) NOT ENFORCED) WITH (
  'connector' = 'values', 'async' = 'true', 'lookup.latency.min' = '1 ms', 'lookup.latency.max' = '400 ms',
  'data' = '[["k0", 0], ["k1", 10], ["k2", 20], ["k3", 30], ["k4", 40]]');
CREATE VIEW timed AS SELECT *, PROCTIME() AS pt FROM events;`;

const UNORDERED = "SET 'table.exec.async-lookup.output-mode' = 'ALLOW_UNORDERED';";

/** Sums and counts of seconds, written as soon as possible: repeats must not go unnoticed. */
export const AT_LEAST_ONCE_IN_SQL: SwarmJob = sqlJob(
  "windows without transactions",
  `${rows("ws TIMESTAMP(3), n BIGINT", "at-least-once")}
   INSERT INTO output SELECT \`key\`, window_start, COUNT(*)
   FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY \`key\`, window_start, window_end;`,
  inEventTime,
);

export const SQL_JOBS: readonly SwarmJob[] = [
  sqlJob(
    "tumbling windows",
    `${rows("ws TIMESTAMP(3), n BIGINT, s INT, ids BIGINT")}
     INSERT INTO output SELECT \`key\`, window_start, COUNT(*), SUM(amount), COUNT(DISTINCT id)
     FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '2' SECOND)) GROUP BY \`key\`, window_start, window_end;`,
    inEventTime,
  ),
  sqlJob(
    "hopping windows over a whole stream, with the best of each",
    `${rows("ws TIMESTAMP(3), s INT, place BIGINT")}
     INSERT INTO output SELECT \`key\`, window_start, s, place FROM (
       SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY s DESC, \`key\`) AS place FROM (
         SELECT \`key\`, window_start, window_end, SUM(amount) AS s
         FROM TABLE(HOP(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND, INTERVAL '3' SECOND)) GROUP BY \`key\`, window_start, window_end))
     WHERE place <= 2;`,
    // With one subtask the best are chained to the sink, which gives operators other ids, in Flink too.
    { promises: WINDOWS, workload: { ...ONE_INPUT, unfit: ["restartFromSavepoint"] } },
  ),
  sqlJob(
    "sessions",
    `${rows("ws TIMESTAMP(3), we TIMESTAMP(3), n BIGINT")}
     INSERT INTO output SELECT \`key\`, window_start, window_end, COUNT(*)
     FROM TABLE(SESSION(TABLE events PARTITION BY \`key\`, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY \`key\`, window_start, window_end;`,
    inEventTime,
  ),
  sqlJob(
    "sums of the last seconds",
    `${rows("id INT, s INT")}
     INSERT INTO output SELECT \`key\`, id, SUM(amount) OVER (
       PARTITION BY \`key\` ORDER BY ts RANGE BETWEEN INTERVAL '2' SECOND PRECEDING AND CURRENT ROW) FROM events;`,
    { promises: { delivery: "exactlyOnce" }, workload: ONE_INPUT },
  ),
  sqlJob(
    "events of two streams that are near each other",
    `${rows("id INT, other INT")}
     INSERT INTO output SELECT e.\`key\`, e.id, o.id FROM events e LEFT JOIN others o
     ON e.\`key\` = o.\`key\` AND o.ts BETWEEN e.ts - INTERVAL '1' SECOND AND e.ts + INTERVAL '1' SECOND;`,
    { promises: { delivery: "exactlyOnce" }, workload: TWO_INPUTS },
  ),
  sqlJob(
    "a join of windows",
    `${rows("ws TIMESTAMP(3), s INT, n BIGINT")}
     INSERT INTO output SELECT COALESCE(a.\`key\`, b.\`key\`), COALESCE(a.window_start, b.window_start), a.s, b.n FROM
       (SELECT \`key\`, window_start, window_end, SUM(amount) AS s FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '2' SECOND))
        GROUP BY \`key\`, window_start, window_end) a
     FULL JOIN
       (SELECT \`key\`, window_start, window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE others, DESCRIPTOR(ts), INTERVAL '2' SECOND))
        GROUP BY \`key\`, window_start, window_end) b
     ON a.\`key\` = b.\`key\` AND a.window_start = b.window_start AND a.window_end = b.window_end;`,
    { promises: WINDOWS, workload: TWO_INPUTS },
  ),
  sqlJob(
    "sums of seconds that rise three times",
    `${rows("s1 INT, s3 INT")}
     INSERT INTO output SELECT \`key\`, s1, s3 FROM (
       SELECT \`key\`, window_time AS rt, SUM(amount) AS s FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND))
       GROUP BY \`key\`, window_start, window_end, window_time)
     MATCH_RECOGNIZE (PARTITION BY \`key\` ORDER BY rt MEASURES A.s AS s1, C.s AS s3 ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
       PATTERN (A B C) DEFINE B AS B.s > A.s, C AS C.s > B.s);`,
    { promises: { delivery: "exactlyOnce", ordersKeys: true }, workload: ONE_INPUT },
  ),
  sqlJob(
    "running totals",
    `${upserts("n BIGINT, s INT, lowest INT, ids BIGINT", "`key`")}
     INSERT INTO output SELECT \`key\`, COUNT(*), SUM(amount), MIN(amount), COUNT(DISTINCT id) FROM events GROUP BY \`key\`;`,
    updating(),
  ),
  sqlJob(
    "totals of totals, in small batches and two steps",
    `SET 'table.exec.mini-batch.enabled' = 'true';
     SET 'table.exec.mini-batch.allow-latency' = '300 ms';
     SET 'table.exec.mini-batch.size' = '50';
     SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE';
     ${upserts("n BIGINT, s INT", "`key`")}
     INSERT INTO output SELECT \`key\`, COUNT(*), SUM(s) FROM (SELECT \`key\`, id, SUM(amount) AS s FROM events GROUP BY \`key\`, id) GROUP BY \`key\`;`,
    // Groups that come and go would not do: a sink without transactions keeps what an earlier attempt wrote for a group that there is no more
    // when the input is worked on in other batches.
    updating(),
  ),
  sqlJob(
    "the last of each event",
    `${upserts("id INT, atMs BIGINT", "`key`, id")}
     INSERT INTO output SELECT \`key\`, id, atMs FROM (
       SELECT *, ROW_NUMBER() OVER (PARTITION BY \`key\`, id ORDER BY ts DESC) AS place FROM events) WHERE place = 1;`,
    updating(),
  ),
  sqlJob(
    "the three largest of each key",
    `${upserts("place BIGINT, id INT, amount INT", "`key`, place")}
     INSERT INTO output SELECT \`key\`, place, id, amount FROM (
       SELECT *, ROW_NUMBER() OVER (PARTITION BY \`key\` ORDER BY amount DESC, id) AS place FROM events) WHERE place <= 3;`,
    updating(),
  ),
  sqlJob(
    "a join of two running totals",
    `${upserts("mine INT, theirs BIGINT", "`key`")}
     INSERT INTO output SELECT a.\`key\`, a.s, b.n FROM (SELECT \`key\`, SUM(amount) AS s FROM events GROUP BY \`key\`) a
     LEFT JOIN (SELECT \`key\`, COUNT(*) AS n FROM others GROUP BY \`key\`) b ON a.\`key\` = b.\`key\`;`,
    updating(TWO_INPUTS),
  ),
  sqlJob(
    "running totals into a database",
    `CREATE TABLE latest (\`key\` STRING, id INT, amount INT, PRIMARY KEY (\`key\`) NOT ENFORCED)
       WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://localhost:5432/warehouse', 'table-name' = 'latest');
     INSERT INTO latest SELECT \`key\`, MAX(id), SUM(amount) FROM events GROUP BY \`key\`;`,
    { promises: { delivery: "exactlyOnce" }, workload: into(WAREHOUSE) },
  ),
  sqlJob(
    "lookups in order",
    `${LOOKED_UP} ${rows("id INT, level INT")}
     INSERT INTO output SELECT /*+ LOOKUP('table' = 'l', 'capacity' = '5') */ t.\`key\`, t.id, l.level
     FROM timed AS t LEFT JOIN levels FOR SYSTEM_TIME AS OF t.pt AS l ON t.\`key\` = l.name;`,
    // What is under way is list state: another parallelism deals it out anew, and the order is lost.
    { promises: { delivery: "exactlyOnce", ordersKeys: true }, workload: { ...ONE_INPUT, unfit: ["restartFromSavepoint"] } },
  ),
  sqlJob(
    "lookups as they come, then windows",
    `${UNORDERED} ${LOOKED_UP} ${rows("ws TIMESTAMP(3), level INT, n BIGINT")}
     CREATE VIEW joined AS SELECT t.\`key\`, t.ts, l.level FROM timed AS t JOIN levels FOR SYSTEM_TIME AS OF t.pt AS l ON t.\`key\` = l.name;
     INSERT INTO output SELECT \`key\`, window_start, MAX(level), COUNT(*)
     FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY \`key\`, window_start, window_end;`,
    { promises: WINDOWS, workload: ONE_INPUT },
  ),
  sqlJob(
    "lookups of running totals, in the order of each key",
    `${UNORDERED} SET 'table.exec.async-lookup.key-ordered-enabled' = 'true';
     ${LOOKED_UP} ${upserts("n BIGINT, s INT, level INT", "`key`")}
     INSERT INTO output SELECT t.\`key\`, t.n, t.s, l.level
     FROM (SELECT \`key\`, COUNT(*) AS n, SUM(amount) AS s, PROCTIME() AS pt FROM events GROUP BY \`key\`) AS t
     LEFT JOIN levels FOR SYSTEM_TIME AS OF t.pt AS l ON t.\`key\` = l.name;`,
    updating(),
  ),
];
