/** What a recording tells of SQL: which change each written row is, and what operators keep. */
import { describe, expect, it } from "vitest";
import { runWorld } from "../../src/sim/run-world.ts";
import { type Arrival, DEFAULT_LIMITS, type World } from "../../src/sim/world.ts";
import { sqlProgram } from "../../src/sql.ts";

const GIVEN = `
CREATE TABLE clicks (usr STRING) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE totals (usr STRING, n BIGINT, PRIMARY KEY (usr) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
CREATE TABLE changes (n BIGINT, users BIGINT) WITH ('connector' = 'kafka', 'topic' = 'changes', 'format' = 'debezium-json');
CREATE TABLE plain (usr STRING) WITH ('connector' = 'kafka', 'topic' = 'plain', 'format' = 'json');`;
const START = Date.UTC(2026, 0, 1, 10);
const TOPICS = ["clicks", "totals", "changes", "plain"];

function world(users: readonly string[]): World {
  const arrivals = users.map((usr, i): Arrival => ({ atMs: START + i * 1_000, partition: 0, key: null, value: { usr } }));
  return {
    seed: 1,
    startMs: START - 1_000,
    topics: TOPICS.map((name) => ({ name, partitions: 1, arrivals: name === "clicks" ? arrivals : [] })),
    cluster: { taskManagers: 3, slotsPerTaskManager: 1, parallelism: 1 },
    faults: [],
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
  };
}

function run(script: string, users: readonly string[], record = true) {
  const { program, diagnostics } = sqlProgram(script, { given: GIVEN, topics: TOPICS });
  expect(diagnostics).toEqual([]);
  const outcome = runWorld(program!, world(users), { record });
  expect(outcome.status).toBe("finished");
  return outcome;
}

const TOTALS = "INSERT INTO totals SELECT usr, COUNT(*) FROM clicks GROUP BY usr";
const CHANGES = "INSERT INTO changes SELECT n, COUNT(*) FROM (SELECT usr, COUNT(*) AS n FROM clicks GROUP BY usr) GROUP BY n";
const kinds = (script: string, users: readonly string[]) =>
  run(script, users).recording!.events.flatMap((event) => (event.kind === "write" ? [event.rowKind] : []));

describe("written rows", () => {
  it("are insertions and updates in an upsert table", () => {
    expect(kinds(TOTALS, ["a", "b", "a"])).toEqual(["+I", "+I", "+U"]);
  });

  it("take back what they replace in a table of changes", () => {
    expect(kinds(CHANGES, ["a", "a"])).toEqual(["+I", "-D", "+I"]);
    expect(kinds(CHANGES, ["a", "b"])).toEqual(["+I", "-U", "+U"]);
  });

  it("name the key of what is deleted", () => {
    const script =
      "INSERT INTO totals SELECT usr, COUNT(*) FROM (SELECT usr, COUNT(*) AS n FROM clicks GROUP BY usr) WHERE n < 2 GROUP BY usr";
    const writes = run(script, ["a", "a"]).recording!.events.filter((event) => event.kind === "write");
    expect(writes).toMatchObject([
      { rowKind: "+I", value: { usr: "a", n: 1 } },
      { rowKind: "-D", value: null, key: '{"usr":"a"}' },
    ]);
  });

  it("are insertions where nothing is updated", () => {
    expect(kinds("INSERT INTO plain SELECT usr FROM clicks", ["a"])).toEqual(["+I"]);
  });
});

it("counts the rows of each kind that pass between operators", () => {
  const { queues } = run(CHANGES, ["a", "a", "b", "a"]).recording!;
  const sent = new Map<number, readonly number[]>();
  for (const [, channel, , detail] of queues?.changes ?? []) if (detail?.rows !== undefined) sent.set(channel, detail.rows);
  // Clicks are only ever added; the counts of the inner grouping take back what they replace.
  expect([...sent.values()].slice(0, 2)).toEqual([
    [4, 0, 0, 0],
    [2, 2, 2, 0],
  ]);
});

it("tells each change of what an aggregate keeps, though it changes it in place", () => {
  const counts = run(TOTALS, ["a", "a", "a"]).recording!.events.flatMap((event) => (event.kind === "state" ? [event.value] : []));
  expect(new Set(counts.map((value) => JSON.stringify(value))).size).toBe(3);
});

it("reads are told as they lie in the log, not as rows", () => {
  const reads = run(TOTALS, ["a", "b"]).recording!.events.flatMap((event) => (event.kind === "read" ? [event.value] : []));
  expect(reads).toEqual([{ usr: "a" }, { usr: "b" }]);
});

it("how many task managers there are", () => {
  expect(run(TOTALS, ["a"]).recording!.taskManagers).toBe(3);
});

it("takes the same steps without a recording", () => {
  for (const script of [TOTALS, CHANGES]) {
    const users = ["a", "b", "a", "c", "b", "a"];
    expect(run(script, users, false).fingerprint).toBe(run(script, users).fingerprint);
  }
});
