/** How long SQL operators keep what they know, in virtual time: `table.exec.state.ttl`, and the STATE_TTL hint above it, per input and per aggregation. */
import { describe, expect, it } from "vitest";
import { runWorld } from "../../src/sim/run-world.ts";
import { type Arrival, DEFAULT_LIMITS } from "../../src/sim/world.ts";
import { sqlProgram } from "../../src/sql.ts";

const BASE = Date.UTC(2026, 0, 1, 10);
const HOUR = 3_600_000;

const GIVEN = `
CREATE TABLE l (k STRING, v INT) WITH ('connector' = 'kafka', 'topic' = 'l', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE r (k STRING, w INT) WITH ('connector' = 'kafka', 'topic' = 'r', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE o (k STRING, a BIGINT, b BIGINT, PRIMARY KEY (k) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'o', 'key.format' = 'json', 'value.format' = 'json');
CREATE TABLE p (k STRING, a INT, b INT) WITH ('connector' = 'kafka', 'topic' = 'p', 'format' = 'debezium-json');
`;

/** Hours after the beginning, and the row. */
type Step = readonly [hours: number, value: unknown];

function resultsOf(
  query: string,
  sink: "o" | "p",
  steps: { readonly l?: readonly Step[]; readonly r?: readonly Step[] },
  options = "",
): unknown[] {
  const { program, diagnostics } = sqlProgram(`INSERT INTO ${sink} ${query};`, {
    given: `${options}${GIVEN}`,
    topics: ["l", "r", "o", "p"],
  });
  expect(diagnostics).toEqual([]);
  const arrivals = (side: readonly Step[] = []): Arrival[] =>
    side.map(([hours, value]) => ({ atMs: BASE + hours * HOUR, partition: 0, key: null, value }));
  const outcome = runWorld(program!, {
    seed: 1,
    startMs: BASE - 1000,
    topics: [
      { name: "l", partitions: 1, arrivals: arrivals(steps.l) },
      { name: "r", partitions: 1, arrivals: arrivals(steps.r) },
      { name: "o", partitions: 1, arrivals: [] },
      { name: "p", partitions: 1, arrivals: [] },
    ],
    cluster: { taskManagers: 1, slotsPerTaskManager: 4, parallelism: 1 },
    faults: [],
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: {},
  });
  expect(outcome.failure).toBeNull();
  return outcome.topics.find(({ name }) => name === sink)!.records.map(({ value }) => value);
}

const JOIN = "l.k, l.v, r.w FROM l JOIN r ON l.k = r.k";
const pairs = (query: string, steps: Parameters<typeof resultsOf>[2], options = ""): unknown[] =>
  resultsOf(query, "p", steps, options).map((record) => {
    const { op, after, before } = record as { op: string; after: Record<string, unknown> | null; before: Record<string, unknown> | null };
    const row = after ?? before;
    return [op, row?.a, row?.b];
  });

describe.each([
  ["heap", ""],
  ["log-structured", "SET 'state.backend.type' = 'rocksdb';\n"],
])("time to live, %s", (_, backend) => {
  const steps = {
    l: [
      [0, { k: "a", v: 1 }],
      [5, { k: "a", v: 2 }],
    ] as const,
    r: [
      [0.5, { k: "a", w: 10 }],
      [2, { k: "a", w: 20 }],
    ] as const,
  };

  it.each([
    [
      "for ever",
      `SELECT ${JOIN}`,
      "",
      [
        ["c", 1, 10],
        ["c", 1, 20],
        ["c", 2, 10],
        ["c", 2, 20],
      ],
    ],
    ["as the session says", `SELECT ${JOIN}`, "SET 'table.exec.state.ttl' = '1 h';\n", [["c", 1, 10]]],
    [
      "of the right input alone",
      `SELECT /*+ STATE_TTL('r' = '1h') */ ${JOIN}`,
      "",
      [
        ["c", 1, 10],
        ["c", 1, 20],
      ],
    ],
    [
      "of the left input alone",
      `SELECT /*+ STATE_TTL('l' = '1h') */ ${JOIN}`,
      "",
      [
        ["c", 1, 10],
        ["c", 2, 10],
        ["c", 2, 20],
      ],
    ],
    [
      "the hint above the session",
      `SELECT /*+ STATE_TTL('l' = '1h', 'r' = '1d') */ ${JOIN}`,
      "SET 'table.exec.state.ttl' = '1 min';\n",
      [
        ["c", 1, 10],
        ["c", 2, 10],
        ["c", 2, 20],
      ],
    ],
  ])("joins keep rows %s", (_name, query, options, expected) => {
    expect(pairs(query, steps, backend + options)).toEqual(expected);
  });

  it("an outer row that has expired is not taken back", () => {
    const late = { l: [[0, { k: "a", v: 1 }]] as const, r: [[2, { k: "a", w: 20 }]] as const };
    const query = "l.k, l.v, r.w FROM l LEFT JOIN r ON l.k = r.k";
    expect(pairs(`SELECT ${query}`, late, backend)).toEqual([
      ["c", 1, null],
      ["d", 1, null],
      ["c", 1, 20],
    ]);
    expect(pairs(`SELECT /*+ STATE_TTL('l' = '1h') */ ${query}`, late, backend)).toEqual([["c", 1, null]]);
  });

  it("aggregations begin anew, each with its own time to live", () => {
    const counted = {
      l: [
        [0, { k: "a", v: 1 }],
        [0.5, { k: "a", v: 2 }],
        [3, { k: "a", v: 3 }],
      ] as const,
    };
    const counts = (query: string, options = ""): unknown[] =>
      resultsOf(query, "o", counted, backend + options).map((value) => (value as { a: number } | null)?.a);
    expect(counts("SELECT k, COUNT(*), SUM(v) FROM l GROUP BY k")).toEqual([1, 2, 3]);
    expect(counts("SELECT /*+ STATE_TTL('l' = '1h') */ k, COUNT(*), SUM(v) FROM l GROUP BY k")).toEqual([1, 2, 1]);
    expect(
      counts("SELECT /*+ STATE_TTL('l' = '1d') */ k, COUNT(*), SUM(v) FROM l GROUP BY k", "SET 'table.exec.state.ttl' = '1 h';\n"),
    ).toEqual([1, 2, 3]);
  });

  it("Top-N forgets rows that have not been written for so long", () => {
    const ranked = {
      l: [
        [0, { k: "a", v: 9 }],
        [3, { k: "a", v: 5 }],
      ] as const,
    };
    const query = "SELECT k, v, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY v DESC) AS n FROM l) WHERE n = 1";
    expect(pairs(query, ranked, backend)).toEqual([["c", 9, 9]]);
    expect(pairs(query, ranked, `${backend}SET 'table.exec.state.ttl' = '1 h';\n`)).toEqual([
      ["c", 9, 9],
      ["c", 5, 5],
    ]);
  });

  it("deduplication lets a key in again", () => {
    const repeated = {
      l: [
        [0, { k: "a", v: 1 }],
        [0.5, { k: "a", v: 2 }],
        [3, { k: "a", v: 3 }],
      ] as const,
    };
    const query = "SELECT k, v, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY PROCTIME()) AS n FROM l) WHERE n = 1";
    expect(pairs(query, repeated, backend)).toEqual([["c", 1, 1]]);
    expect(pairs(query, repeated, `${backend}SET 'table.exec.state.ttl' = '1 h';\n`)).toEqual([
      ["c", 1, 1],
      ["c", 3, 3],
    ]);
  });
});
