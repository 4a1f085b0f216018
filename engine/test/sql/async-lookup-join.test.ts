/** Lookup joins that go on while they wait: order, time, capacity, caches, retries, and what crashes and other parallelisms leave of all that. */
import { describe, expect, it } from "vitest";
import { runWorld } from "../../src/sim/run-world.ts";
import { DEFAULT_LIMITS, type Fault, type World } from "../../src/sim/world.ts";
import { sqlProgram } from "../../src/sql.ts";

const BASE = Date.UTC(2026, 0, 1, 10);

const orders = (options = "") => `${options}
CREATE TABLE o (id INT, item INT, pt AS PROCTIME()) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE joined (id INT, name STRING) WITH (
  'connector' = 'kafka', 'topic' = 'joined', 'format' = 'json', 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'out');
CREATE TABLE latest (item INT, n BIGINT, name STRING, PRIMARY KEY (item) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'latest', 'key.format' = 'json', 'value.format' = 'json');`;

const items = (options: string) => `CREATE TABLE items (id INT, name STRING, price INT, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'values', 'data' = '[[1, "pen", 2], [2, "ink", 5], [3, "pad", 5]]', ${options});`;

interface Run {
  /** Options of the table that is looked up in. */
  readonly table: string;
  readonly query: string;
  readonly settings?: string;
  readonly rows: readonly (readonly [id: number, item: number])[];
  readonly sink?: "joined" | "latest";
  readonly faults?: readonly Fault[];
  readonly parallelism?: number;
  readonly everyMs?: number;
  readonly seed?: number;
}

function run({ table, query, settings = "", rows, sink = "joined", faults = [], parallelism = 1, everyMs = 0, seed = 1 }: Run) {
  const { program, diagnostics } = sqlProgram(`INSERT INTO ${sink} ${query};`, {
    given: `${orders(settings)} ${items(table)}`,
    topics: ["o", "joined", "latest"],
  });
  expect(diagnostics).toEqual([]);
  const world: World = {
    seed,
    startMs: BASE,
    topics: [
      {
        name: "o",
        partitions: 2,
        arrivals: rows.map(([id, item], i) => ({ atMs: BASE + 1000 + i * everyMs, partition: item % 2, key: null, value: { id, item } })),
      },
      { name: "joined", partitions: 1, arrivals: [] },
      { name: "latest", partitions: 1, arrivals: [] },
    ],
    cluster: { taskManagers: 2, slotsPerTaskManager: 8, parallelism },
    faults,
    end: { kind: "drain" },
    limits: DEFAULT_LIMITS,
    costsUs: { "*": 0 },
  };
  const outcome = runWorld(program!, world);
  const records = outcome.topics.find(({ name }) => name === sink)!.records.filter(({ committedAtMs }) => committedAtMs !== null);
  return {
    outcome,
    values: records.map(({ value }) => value as Record<string, unknown>),
    ids: records.map(({ value }) => (value as { id: number }).id),
    /** From the arrival of the first row to the end of the job, ms. */
    lastsMs: (records.at(-1)?.committedAtMs ?? BASE) - BASE - 1000,
  };
}

const JOIN = "o.id, i.name FROM o JOIN items FOR SYSTEM_TIME AS OF o.pt AS i ON o.item = i.id";
const hinted = (options: string, join = JOIN) => `SELECT /*+ LOOKUP('table' = 'i', ${options}) */ ${join}`;
/** All of one partition, so that they have an order. */
const ODD = Array.from({ length: 20 }, (_, i) => [i, i % 4 < 2 ? 1 : 3] as const);
const SLOW = "'async' = 'true', 'lookup.latency.min' = '1 ms', 'lookup.latency.max' = '500 ms'";
const inOrder = ODD.map(([id]) => id);
const CHECKPOINTS =
  "SET 'execution.checkpointing.interval' = '100 ms'; SET 'restart-strategy.type' = 'fixed-delay'; SET 'restart-strategy.fixed-delay.delay' = '50 ms';";

describe("asynchronous lookup joins", () => {
  it.each([
    ["the default", `SELECT ${JOIN}`, ""],
    ["the hint over the session", hinted("'output-mode' = 'ordered'"), "SET 'table.exec.async-lookup.output-mode' = 'ALLOW_UNORDERED';"],
  ])("LKP-3: rows leave in their order: %s", (_, query, settings) => {
    expect(run({ table: SLOW, query, settings, rows: ODD }).ids).toEqual(inOrder);
  });

  it.each([
    ["the hint", hinted("'output-mode' = 'allow_unordered'"), ""],
    ["the session", `SELECT ${JOIN}`, "SET 'table.exec.async-lookup.output-mode' = 'ALLOW_UNORDERED';"],
  ])("LKP-3: inserts leave as their answers come where %s allows it", (_, query, settings) => {
    const { ids } = run({ table: SLOW, query, settings, rows: ODD });
    expect(ids).not.toEqual(inOrder);
    expect([...ids].sort((a, b) => a - b)).toEqual(inOrder);
  });

  it("LKP-2: latencies come from the seed", () => {
    const settings = "SET 'table.exec.async-lookup.output-mode' = 'ALLOW_UNORDERED';";
    const idsOf = (seed: number) => run({ table: SLOW, query: `SELECT ${JOIN}`, settings, rows: ODD, seed }).ids;
    expect(idsOf(1)).toEqual(idsOf(1));
    expect(idsOf(1)).not.toEqual(idsOf(2));
  });

  it.each([
    ["capacity 1: one after the other", "'capacity' = '1'", 20_000],
    ["capacity 5: five at a time", "'capacity' = '5'", 4000],
    ["capacity 20: all at once", "'capacity' = '20'", 1000],
    ["synchronous: the task waits for each", "'async' = 'false'", 20_000],
  ])("LKP-4: %s", (_, options, expectedMs) => {
    const table = "'async' = 'true', 'sync' = 'true', 'lookup.latency.min' = '1 s'";
    const { lastsMs, ids } = run({ table, query: hinted(options), rows: ODD });
    expect(ids).toEqual(inOrder);
    expect(lastsMs).toBeGreaterThanOrEqual(expectedMs);
    expect(lastsMs).toBeLessThan(expectedMs + 500);
  });

  it.each([
    ["inner", "JOIN", "", [[1, "pen"]]],
    [
      "left: rows without an answer are padded",
      "LEFT JOIN",
      "",
      [
        [1, "pen"],
        [2, null],
      ],
    ],
    [
      "left, a condition on the table",
      "LEFT JOIN",
      "AND i.price > 2",
      [
        [1, null],
        [2, null],
      ],
    ],
    [
      "left, a condition on both",
      "LEFT JOIN",
      "AND i.price > o.id",
      [
        [1, "pen"],
        [2, null],
      ],
    ],
    ["inner, filtered behind", "JOIN", "WHERE i.name LIKE 'x%'", []],
  ])("LKP-1: %s", (_, join, rest, expected) => {
    const query = `SELECT o.id, i.name FROM o ${join} items FOR SYSTEM_TIME AS OF o.pt AS i ON o.item = i.id ${rest}`;
    const { values } = run({
      table: SLOW,
      query,
      rows: [
        [1, 1],
        [2, 9],
      ],
    });
    expect(values.map(({ id, name }) => [id, name])).toEqual(expected);
  });

  it("LKP-5: a request that takes too long fails the job, in Flink's words", () => {
    const { outcome } = run({ table: "'async' = 'true', 'lookup.latency.min' = '2 s'", query: hinted("'timeout' = '1 s'"), rows: ODD });
    expect(outcome.failure?.message).toContain("Async function call has timed out.");
  });

  it("LKP-5: retries count for the timeout", () => {
    const retry = "'retry-predicate' = 'lookup_miss', 'retry-strategy' = 'fixed_delay', 'fixed-delay' = '300 ms', 'max-attempts' = '100'";
    const { outcome } = run({ table: "'async' = 'true'", query: hinted(`'timeout' = '1 s', ${retry}`), rows: [[1, 9]] });
    expect(outcome.failure?.message).toContain("Async function call has timed out.");
  });

  it.each([
    ["found at the third question", "'start-lookup-threshold' = '2'", "3", ["pen"], 200],
    ["given up: the fourth would find", "'start-lookup-threshold' = '3'", "2", [null], 200],
    ["the cache keeps what a retry finds", "'start-lookup-threshold' = '2', 'lookup.cache' = 'PARTIAL'", "3", ["pen"], 200],
  ])("LKP-6: %s", (_, table, attempts, names, expectedMs) => {
    for (const mode of ["'async' = 'true'", "'sync' = 'true'"]) {
      const retry = `'retry-predicate' = 'lookup_miss', 'retry-strategy' = 'fixed_delay', 'fixed-delay' = '100 ms', 'max-attempts' = '${attempts}'`;
      const left = JOIN.replace("JOIN", "LEFT JOIN");
      const { values, lastsMs } = run({ table: `${mode}, ${table}`, query: hinted(retry, left), rows: [[1, 1]] });
      expect(values.map(({ name }) => name)).toEqual(names);
      expect(lastsMs).toBeGreaterThanOrEqual(expectedMs);
      expect(lastsMs).toBeLessThan(expectedMs + 50);
    }
  });

  it("LKP-6: while a row waits for its next question, others go on", () => {
    const retry =
      "'retry-predicate' = 'lookup_miss', 'retry-strategy' = 'fixed_delay', 'fixed-delay' = '1 s', 'max-attempts' = '1', 'output-mode' = 'allow_unordered'";
    const { ids } = run({
      table: "'async' = 'true', 'start-lookup-threshold' = '1'",
      query: hinted(retry),
      rows: [
        [1, 1],
        [2, 1],
        [3, 1],
      ],
    });
    expect(ids).toEqual([2, 3, 1]);
  });

  it.each([
    ["none: every row asks", "", 3000],
    ["PARTIAL: a key asks once", "'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.max-rows' = '10',", 1000],
    ["expired before the next row", "'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.expire-after-write' = '1 ms',", 3000],
    ["too small for the keys", "'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.max-rows' = '1',", 3000],
  ])("LKP-7: cache %s", (_, cache, expectedMs) => {
    const table = `${cache} 'async' = 'true', 'lookup.latency.min' = '500 ms'`;
    const rows = [
      [1, 1],
      [2, 3],
      [3, 1],
      [4, 3],
      [5, 1],
      [6, 3],
    ] as const;
    const { lastsMs, ids } = run({ table, query: hinted("'capacity' = '1'"), rows });
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect(lastsMs).toBeGreaterThanOrEqual(expectedMs);
    expect(lastsMs).toBeLessThan(expectedMs + 100);
  });

  it.each([
    ["keys without rows are cached", "true", 500],
    ["unless the option says no", "false", 1000],
  ])("LKP-7: %s", (_, cached, expectedMs) => {
    const table = `'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.cache-missing-key' = '${cached}', 'async' = 'true', 'lookup.latency.min' = '500 ms'`;
    const { lastsMs } = run({
      table,
      query: hinted("'capacity' = '1'", JOIN.replace("JOIN", "LEFT JOIN")),
      rows: [
        [1, 9],
        [2, 9],
      ],
    });
    expect(lastsMs).toBeGreaterThanOrEqual(expectedMs);
    expect(lastsMs).toBeLessThan(expectedMs + 100);
  });

  const COUNTS =
    "SELECT c.item, c.n, i.name FROM (SELECT item, COUNT(*) AS n, PROCTIME() AS pt FROM o GROUP BY item) AS c LEFT JOIN items FOR SYSTEM_TIME AS OF c.pt AS i ON c.item = i.id";

  it.each([
    ["in order", ""],
    ["allow_unordered changes nothing for updates", "SET 'table.exec.async-lookup.output-mode' = 'ALLOW_UNORDERED';"],
    [
      "in the order of each key",
      "SET 'table.exec.async-lookup.output-mode' = 'ALLOW_UNORDERED'; SET 'table.exec.async-lookup.key-ordered-enabled' = 'true';",
    ],
  ])("LKP-8: updates of a key are never overtaken: %s", (_, settings) => {
    const { values } = run({ table: SLOW, query: COUNTS, settings, rows: ODD, sink: "latest" });
    for (const item of [1, 3]) {
      const counts = values.filter((value) => value.item === item).map(({ n }) => n);
      expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
    const merged = values.map(({ item }) => item);
    const arrived = ODD.map(([, item]) => item);
    if (settings.includes("key-ordered")) expect(merged).not.toEqual(arrived);
    else expect(merged).toEqual(arrived);
  });

  it.each([
    ["in order", "", `SELECT ${JOIN}`],
    ["as they come", "", hinted("'output-mode' = 'allow_unordered'")],
  ])("LKP-9: what is under way survives crashes and another parallelism, %s", (_, settings, query) => {
    const faults: Fault[] = [
      { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: BASE + 1350 } },
      { kind: "restartFromSavepoint", parallelism: 3, when: { kind: "atMs", atMs: BASE + 1900 } },
      { kind: "crashTaskManager", taskManager: 1, when: { kind: "atMs", atMs: BASE + 2300 } },
    ];
    const rows = Array.from({ length: 60 }, (_, i) => [i, (i % 3) + 1] as const);
    const calm = run({ table: SLOW, query, settings: CHECKPOINTS, rows, everyMs: 20 });
    const struck = run({ table: SLOW, query, settings: CHECKPOINTS + settings, rows, everyMs: 20, faults });
    expect(struck.outcome.failure).toBeNull();
    expect(struck.outcome.restarts).toBeGreaterThan(0);
    const sorted = ({ values }: typeof calm) => values.map(({ id, name }) => `${id} ${name}`).sort();
    expect(sorted(calm)).toHaveLength(60);
    expect(sorted(struck)).toEqual(sorted(calm));
  });

  it.each(["hashmap", "rocksdb"])("LKP-9: key-ordered lookups are keyed state, %s", (backend) => {
    const settings = `${CHECKPOINTS} SET 'state.backend.type' = '${backend}'; SET 'table.exec.async-lookup.output-mode' = 'ALLOW_UNORDERED';
      SET 'table.exec.async-lookup.key-ordered-enabled' = 'true';`;
    const faults: Fault[] = [
      { kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: BASE + 1350 } },
      { kind: "restartFromSavepoint", parallelism: 3, when: { kind: "atMs", atMs: BASE + 1900 } },
    ];
    const rows = Array.from({ length: 60 }, (_, i) => [i, (i % 6) + 1] as const);
    const { outcome, values } = run({ table: SLOW, query: COUNTS, settings, rows, everyMs: 20, sink: "latest", faults });
    expect(outcome.failure).toBeNull();
    const last = new Map(values.map(({ item, n, name }) => [item, [n, name]]));
    expect(Object.fromEntries(last)).toEqual({
      1: [10, "pen"],
      2: [10, "ink"],
      3: [10, "pad"],
      4: [10, null],
      5: [10, null],
      6: [10, null],
    });
  });
});

describe("mistakes in values tables and hints", () => {
  it.each([
    ["'data' = 'pen'", "Invalid value for option 'data'. It is no JSON."],
    ["'data' = '[1]'", "Invalid value for option 'data'. A row has another number of values."],
    [`'data' = '[["x", "pen"]]'`, "Invalid value for option 'data'. Column 'id'"],
    ["'async' = 'false', 'sync' = 'false'", "'async' = 'false' and 'sync' = 'false' leave no way to look up."],
    ["'lookup.latency.min' = '2 s', 'lookup.latency.max' = '1 s'", "must not be larger than"],
    ["'lookup.cache' = 'FULL'", "The values connector keeps no full cache"],
    ["'asinc' = 'true'", "Unsupported options found for 'values'."],
  ])("%s", (options, message) => {
    const table = `CREATE TABLE t (id INT, name STRING) WITH ('connector' = 'values', ${options});`;
    const query = "INSERT INTO joined SELECT o.id, t.name FROM o JOIN t FOR SYSTEM_TIME AS OF o.pt ON o.item = t.id;";
    const { diagnostics } = sqlProgram(`${table} ${query}`, { given: orders(), topics: ["o", "joined", "latest"] });
    expect(diagnostics.map((diagnostic) => diagnostic.message).join("\n")).toContain(message);
  });

  it("a hint for a table that the query does not read says which it reads", () => {
    const { diagnostics } = sqlProgram(`INSERT INTO joined SELECT /*+ LOOKUP('table' = 'items') */ ${JOIN};`, {
      given: `${orders()} ${items("'async' = 'true'")}`,
      topics: ["o", "joined", "latest"],
    });
    expect(diagnostics).toMatchObject([{ code: "SQL_HINT", found: "items", hint: "Known tables, by their aliases: o, i." }]);
  });
});
