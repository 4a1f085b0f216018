import { describe, expect, it } from "vitest";
import { runWorld } from "../../src/sim/run-world.ts";
import { readSavepoint, readSnapshot, runUpgrade, type Savepoint, writeSavepoint } from "../../src/sim.ts";
import { type Arrival, DEFAULT_LIMITS, type World } from "../../src/sim/world.ts";
import { checkSql, sqlProgram, sqlSchema } from "../../src/sql.ts";

const GIVEN = `
CREATE TABLE clicks (usr STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE counts (ws TIMESTAMP(3), usr STRING, n BIGINT, s INT)
  WITH ('connector' = 'kafka', 'topic' = 'counts', 'format' = 'json',
        'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'counts');
CREATE TABLE totals (usr STRING, n BIGINT, PRIMARY KEY (usr) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
SET 'execution.checkpointing.interval' = '10 s';`;
const TOPICS = ["clicks", "counts", "totals"];
const BASE = Date.UTC(2026, 0, 1, 10);

function world(faults: World["faults"] = []): World {
  const arrivals = Array.from({ length: 40 }, (_, i): Arrival => {
    const eventMs = BASE + i * 5000 - (i % 4) * 1000;
    const ts = new Date(eventMs).toISOString().replace("T", " ").replace("Z", "");
    return { atMs: BASE + i * 5000, partition: i % 2, key: null, value: { usr: `u${i % 3}`, v: i, ts } };
  });
  return {
    seed: 1,
    startMs: BASE - 1000,
    topics: [
      { name: "clicks", partitions: 2, arrivals },
      { name: "counts", partitions: 1, arrivals: [] },
      { name: "totals", partitions: 1, arrivals: [] },
    ],
    cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 },
    faults,
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
  };
}

function committed(script: string, topic: string, faults: World["faults"] = []): unknown[] {
  const { program, diagnostics } = sqlProgram(script, { given: GIVEN, topics: TOPICS });
  expect(diagnostics).toEqual([]);
  const outcome = runWorld(program!, world(faults));
  expect(outcome.failure).toBeNull();
  const records = outcome.topics.find(({ name }) => name === topic)!.records;
  return records.filter((record) => record.committedAtMs !== null).map((record) => record.value);
}

const TUMBLE = `INSERT INTO counts SELECT window_start, usr, COUNT(*), SUM(v)
  FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY usr, window_start, window_end`;
const LEGACY = `INSERT INTO counts SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), usr, COUNT(*), SUM(v)
  FROM clicks GROUP BY usr, TUMBLE(ts, INTERVAL '1' MINUTE)`;
const HOP = `INSERT INTO counts SELECT window_start, usr, COUNT(*), SUM(v)
  FROM TABLE(HOP(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)) GROUP BY usr, window_start, window_end`;
const text = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

describe("SQL jobs", () => {
  it("take the cluster's configuration, and SET above it", () => {
    const configuration = {
      "execution.checkpointing.interval": "7 s",
      "execution.checkpointing.incremental": "true",
      "restart-strategy.type": "failure-rate",
      "restart-strategy.failure-rate.max-failures-per-interval": "5",
      "parallelism.default": "2",
      "state.backend.type": "rocksdb",
    };
    const script = `SET 'state.backend.type' = 'hashmap'; SET 'execution.checkpointing.unaligned' = 'true'; ${TUMBLE}`;
    const given = GIVEN.replace(/SET 'execution.checkpointing.interval'.*/, "");
    const { program } = sqlProgram(script, { given, topics: TOPICS });
    const { config } = program!.instantiate({ parallelism: 1, configuration });
    expect(config).toMatchObject({
      checkpointIntervalMs: 7000,
      lsmOptions: { incremental: true },
      restartStrategy: { kind: "failureRate", maxFailures: 5 },
      parallelism: 2,
      stateBackend: "hashmap",
      unalignedCheckpoints: true,
    });
  });

  it("are planned by the cluster's configuration, and by SET above it", () => {
    const configuration = {
      "table.exec.mini-batch.enabled": "true",
      "table.exec.mini-batch.allow-latency": "2 s",
      "table.exec.mini-batch.size": "100",
      "table.optimizer.agg-phase-strategy": "ONE_PHASE",
    };
    const names = (set: string) => {
      const { program } = sqlProgram(`${set}INSERT INTO totals SELECT usr, COUNT(*) FROM clicks GROUP BY usr`, {
        given: GIVEN,
        topics: TOPICS,
      });
      return program!.instantiate({ parallelism: 1, configuration }).nodes.map(({ name }) => name.replace(/\(.*/s, ""));
    };
    expect(names("")).toEqual(expect.arrayContaining(["MiniBatchAssigner", "GroupAggregate"]));
    expect(names("SET 'table.optimizer.agg-phase-strategy' = 'TWO_PHASE'; ")).toEqual(
      expect.arrayContaining(["LocalGroupAggregate", "GlobalGroupAggregate"]),
    );
    expect(names("SET 'table.exec.mini-batch.enabled' = 'false'; ")).not.toContain("MiniBatchAssigner");
  });

  it.each([
    ["tumbling windows", TUMBLE, "counts"],
    ["hopping windows", HOP, "counts"],
    ["running totals", "INSERT INTO totals SELECT usr, COUNT(*) FROM clicks GROUP BY usr", "totals"],
  ])("SAV-1, SAV-8 %s go on from a savepoint in a file, with other subtasks", (_what, script, topic) => {
    const program = sqlProgram(script, { given: GIVEN, topics: TOPICS }).program!;
    const rewrite = (savepoint: Savepoint) => readSavepoint(writeSavepoint(savepoint));
    const { phases, outcome } = runUpgrade(
      [
        { program, end: { kind: "stop", atMs: BASE + 95_000 } },
        { program, parallelism: 3, rewrite },
      ],
      world(),
    );
    expect(phases.map(({ status }) => status)).toEqual(["finished", "finished"]);
    expect(readSnapshot(phases[0].savepoint as Savepoint).operators.some(({ keyedStates }) => keyedStates.length > 0)).toBe(true);
    const records = outcome.topics.find(({ name }) => name === topic)!.records.filter(({ committedAtMs }) => committedAtMs !== null);
    expect(text(records.map(({ value }) => value))).toEqual(text(committed(script, topic)));
  });

  it("counts each click once in tumbling windows, in both spellings", () => {
    const rows = committed(TUMBLE, "counts") as { ws: string; n: number }[];
    expect(rows.reduce((sum, row) => sum + row.n, 0)).toBe(40);
    expect(rows.map((row) => row.ws)).toContain("2026-01-01 10:01:00");
    expect(text(committed(LEGACY, "counts"))).toEqual(text(rows));
  });

  it("counts each click in two windows of HOP(1, 2)", () => {
    const rows = committed(HOP, "counts") as { n: number }[];
    expect(rows.reduce((sum, row) => sum + row.n, 0)).toBe(80);
  });

  for (const [name, script] of [
    ["TUMBLE", TUMBLE],
    ["HOP", HOP],
  ]) {
    it(`${name} commits the same after a crash`, () => {
      const crash: World["faults"] = [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: BASE + 100_000 } }];
      expect(text(committed(script, "counts", crash))).toEqual(text(committed(script, "counts")));
    });
  }

  it("writes the latest value per key to an upsert sink", () => {
    const rows = committed("INSERT INTO totals SELECT usr, COUNT(*) FROM clicks GROUP BY usr", "totals") as { usr: string; n: number }[];
    const last = new Map(rows.map((row) => [row.usr, row.n]));
    expect(Object.fromEntries(last)).toEqual({ u0: 14, u1: 13, u2: 13 });
  });

  it("refuses an updating query for an append-only sink, as Flink does", () => {
    const [diagnostic] = checkSql(
      "INSERT INTO counts SELECT CAST(NULL AS TIMESTAMP(3)), usr, COUNT(*), SUM(v) FROM clicks GROUP BY usr",
      GIVEN,
      TOPICS,
    );
    expect(diagnostic).toMatchObject({ code: "SQL_UPDATES_NOT_SUPPORTED", phase: "plan" });
    expect(diagnostic.message).toContain("doesn't support consuming update changes which is produced by node GroupAggregate");
  });

  it("says where the mistake is and what was probably meant", () => {
    expect(checkSql("INSERT INTO counts\nSELECT ts, user, 1, v FROM clicks", GIVEN, TOPICS)[0]).toMatchObject({
      code: "SQL_UNKNOWN_COLUMN",
      span: { line: 2, column: 12, endLine: 2, endColumn: 16 },
      hint: "Did you mean usr?",
    });
    expect(checkSql("INSERT INTO counts SELECT ts, usr, 1, v FROM click", GIVEN, TOPICS)[0]).toMatchObject({
      code: "SQL_UNKNOWN_TABLE",
      hint: "Did you mean clicks?",
    });
    expect(checkSql("SET 'table.exec.state.tll' = '1 h'", GIVEN, TOPICS)[0]).toMatchObject({
      code: "SQL_UNKNOWN_OPTION",
      hint: "Did you mean table.exec.state.ttl?",
    });
    expect(checkSql("", GIVEN.replaceAll("'topic' = 'clicks'", "'topic' = 'klicks'"), TOPICS)[0]).toMatchObject({
      code: "SQL_UNKNOWN_TOPIC",
      file: "given.sql",
    });
    expect(checkSql("", GIVEN, TOPICS)[0]).toMatchObject({ code: "SQL_NO_INSERT" });
  });

  it("gives the tables for completion", () => {
    expect(sqlSchema(GIVEN)[0]).toEqual({
      name: "clicks",
      columns: [
        { name: "usr", type: "STRING", timeAttribute: null },
        { name: "v", type: "INT", timeAttribute: null },
        { name: "ts", type: "TIMESTAMP(3)", timeAttribute: "ROWTIME" },
      ],
    });
  });
});
