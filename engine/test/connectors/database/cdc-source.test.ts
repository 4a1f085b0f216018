import { describe, expect, it, vi } from "vitest";
import { chunksOf } from "../../../src/connectors/database/cdc/chunk-splitter.ts";
import { Prng } from "../../../src/base/prng.ts";
import { PostgresDatabase } from "../../../src/connectors/database/database.ts";
import { Duration, PostgresSourceBuilder, StartupOptions, type StreamExecutionEnvironment } from "../../../src/index.ts";
import type { DatabaseDescription, Fault, RunOutcome } from "../../../src/sim.ts";
import { SourceHarness, type SourceSnapshot } from "../../../src/testing.ts";
import type { TestWorld } from "../../datastream/run-job.ts";
import { busyShop, cdcSource, changesIn, copyChanges, expectExactCopy, type OrderChange, replay, TABLE } from "./cdc-jobs.ts";
import { databaseIn, drawWorld, finished, runDatabaseJob } from "./database-jobs.ts";
import { observedSystems } from "./observed-database.ts";

vi.setConfig({ testTimeout: 120_000 });

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);
const order = (id: number, item = "tea", amount = 1) => ({ id, item, amount });

function shop(description: Partial<DatabaseDescription> = {}): DatabaseDescription {
  return {
    kind: "postgres",
    name: "shop",
    tables: [{ ...TABLE, rows: [order(1), order(2)] }],
    settings: { walLevel: "logical" },
    ...description,
  };
}

/** Copies the table's changes. */
function run(database: DatabaseDescription, world: TestWorld = {}, source = cdcSource().build(), checkpointMs = 500): RunOutcome {
  return runDatabaseJob(
    (env: StreamExecutionEnvironment) => copyChanges(env, source),
    { output: ["out"], systems: [database], ...world },
    checkpointMs,
  );
}

const kinds = (changes: readonly OrderChange[]) => changes.map(({ op, before, after }) => [op, before, after]);

describe("CDC-1 tables first, then their changes", () => {
  const application: DatabaseDescription["application"] = [
    { atMs: 3000, changes: [{ op: "insert", table: "orders", row: order(3) }] },
    { atMs: 3100, changes: [{ op: "update", table: "orders", where: { id: 1 }, set: { amount: 7 } }] },
    { atMs: 3200, changes: [{ op: "delete", table: "orders", where: { id: 2 } }], rollback: true },
    { atMs: 3300, changes: [{ op: "delete", table: "orders", where: { id: 2 } }] },
    { atMs: 3400, changes: [{ op: "update", table: "orders", where: { id: 3 }, set: { id: 4 } }] },
  ];

  it.each([1, 2, 3])("with %s readers", (parallelism) => {
    const outcome = finished(run(shop({ application }), { cluster: { taskManagers: 1, slotsPerTaskManager: 4, parallelism } }));
    const changes = changesIn(outcome);
    expect(kinds(changes).sort()).toEqual(
      [
        ["r", null, order(1)],
        ["r", null, order(2)],
        ["c", null, order(3)],
        ["u", order(1), order(1, "tea", 7)],
        ["d", order(2), null],
        ["d", order(3), null],
        ["c", null, order(4)],
      ].sort(),
    );
    const update = changes.find(({ op }) => op === "u");
    expect(update).toMatchObject({
      source: {
        connector: "postgresql",
        name: "postgres_cdc_source",
        db: "shop",
        schema: "public",
        table: "orders",
        snapshot: "false",
        ts_ms: 3100,
      },
    });
    // The queue of changes is emptied every 500 ms.
    expect(update?.ts_ms).toBeGreaterThan(3100);
    expect(update?.ts_ms).toBeLessThanOrEqual(3600);
    expectExactCopy(outcome, 1);
  });

  it("with what the log has of old rows under REPLICA IDENTITY DEFAULT: the key of a DELETE, nothing of an UPDATE", () => {
    const { replicaIdentity: _full, ...table } = TABLE;
    const changes = changesIn(finished(run(shop({ tables: [{ ...table, rows: [order(1), order(2)] }], application }))));
    expect(kinds(changes.filter(({ op }) => op === "u" || op === "d"))).toEqual([
      ["u", null, order(1, "tea", 7)],
      ["d", { id: 2, item: null, amount: null }, null],
      ["d", { id: 3, item: null, amount: null }, null],
    ]);
  });

  it("not before a checkpoint has completed after the last chunk, when there are several readers", () => {
    const started = (parallelism: number, checkpointMs: number) => {
      const outcome = run(
        shop({ application: [{ atMs: 100, changes: [{ op: "insert", table: "orders", row: order(3) }] }] }),
        { cluster: { taskManagers: 1, slotsPerTaskManager: 4, parallelism }, end: { kind: "stop", atMs: 3000 } },
        cdcSource().debeziumProperties({ "poll.interval.ms": 0 }).build(),
        checkpointMs,
      );
      return changesIn(outcome).find(({ op }) => op === "c")?.ts_ms;
    };
    expect(started(1, 2000)).toBe(100);
    expect(started(2, 2000)).toBeGreaterThan(200);
  });
});

describe("CDC-2 exactly once", () => {
  it("under every drawn plan of crashes and faults of the database, with any number of readers, while the table changes", () => {
    let restarts = 0;
    for (const seed of SEEDS) {
      const { input: _unused, ...world } = drawWorld(seed, [busyShop(seed)], true, ["connectionsLost", "restart", "slow"]);
      const outcome = finished(run(busyShop(seed), { ...world, output: ["out"] }, cdcSource().splitSize(7).build()));
      expectExactCopy(outcome, seed);
      restarts += outcome.restarts;
    }
    expect(restarts).toBeGreaterThan(SEEDS.length / 2);
  });

  it("but not with backfill skipped: what changed while a chunk was read comes twice", () => {
    let repeated = 0;
    for (const seed of SEEDS) {
      const outcome = finished(run(busyShop(seed), {}, cdcSource().splitSize(7).skipSnapshotBackfill(true).build()));
      const changes = changesIn(outcome);
      const rows = new Map(changes.map(({ after, before }) => [(after ?? before)?.id, after]));
      expect([...rows.values()].filter((row) => row !== null).length).toBe(databaseIn(outcome).tables[0].rows.length);
      try {
        replay(changes);
      } catch {
        repeated++;
      }
    }
    expect(repeated).toBeGreaterThan(3);
  });
});

describe("CDC-2 over restores with other numbers of readers", () => {
  it("nothing is lost and nothing comes twice, in whatever phase it happens", () => {
    for (const seed of SEEDS) {
      const random = new Prng(seed).fork("readers");
      const { clock, systems } = observedSystems([busyShop(seed)]);
      const database = systems.get("shop", PostgresDatabase);
      const source = cdcSource().splitSize(7).lsnCommitCheckpointsDelay(0).build();
      const start = (startMs: number, restored?: SourceSnapshot) =>
        new SourceHarness<OrderChange>(source as never, {
          outside: () => systems,
          parallelism: 1 + random.nextInt(4),
          startMs,
          ...(restored === undefined ? {} : { restored }),
        });
      let harness = start(0);
      const changes: OrderChange[] = [];
      let pending: OrderChange[] = [];
      let snapshot: SourceSnapshot | undefined;
      for (let nowMs = 20; nowMs <= 12_000; nowMs += 20) {
        clock.advanceTo(nowMs);
        // Sometimes it stops in the middle of a transaction.
        harness.advanceTo(nowMs, random.nextInt(2) === 0 && nowMs < 10_000 ? 1 + random.nextInt(3) : undefined);
        pending.push(...harness.takeValues());
        if (nowMs % 200 !== 0) continue;
        if (random.nextInt(4) > 0) {
          snapshot = harness.snapshot();
          changes.push(...pending);
          pending = [];
          harness.completeCheckpoint();
        } else if (nowMs < 9000) {
          // What came after the snapshot comes again.
          harness.close();
          harness = start(nowMs, snapshot);
          pending = [];
        }
      }
      changes.push(...pending);
      const places = changes.map(({ op, source: place, before, after }) => JSON.stringify([op, place.lsn, (after ?? before)?.id]));
      expect(new Set(places).size, `seed ${seed}`).toBe(places.length);
      expect(replay(changes), `seed ${seed}`).toEqual(database.outcome().tables[0].rows);
    }
  });
});

describe("CDC-3 chunks", () => {
  const options = { splitSize: 4, distributionFactorUpper: 1000, distributionFactorLower: 0.05 };
  const rows = (keys: readonly (number | string)[]) => keys.map((k) => ({ k }));
  const bounds = (keys: readonly (number | string)[]) => chunksOf(rows(keys), "k", options).map(({ start, end }) => [start, end]);
  it.each([
    ["few rows", [3, 1, 2], [[null, null]]],
    ["no rows", [], [[null, null]]],
    [
      "dense numbers: equal steps",
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
      [
        [null, 5],
        [5, 9],
        [9, null],
      ],
    ],
    [
      "sparse numbers: larger steps",
      [0, 100, 200, 300, 400, 500],
      [
        [null, 334],
        [334, null],
      ],
    ],
    [
      "very sparse numbers: counted off",
      [1, 2, 3, 4, 5, 6, 7, 8, 9_000_000],
      [
        [null, 5],
        [5, 9_000_000],
        [9_000_000, null],
      ],
    ],
    [
      "texts: counted off",
      ["a", "b", "c", "d", "e"],
      [
        [null, "e"],
        ["e", null],
      ],
    ],
    ["equal keys stay together", ["a", "a", "a", "a", "a", "b"], [[null, null]]],
  ] as const)("%s", (_what, keys, expected) => {
    expect(bounds(keys)).toEqual(expected);
  });
});

describe("CDC-4 the slot", () => {
  const writes: DatabaseDescription["application"] = [
    { atMs: 1000, changes: [{ op: "update", table: "orders", where: { id: 1 }, set: { amount: 5 } }], repeat: { everyMs: 100, times: 60 } },
  ];
  const retained = (outcome: RunOutcome) => databaseIn(outcome).slots.find(({ name }) => name === "flink")?.retainedBytes as number;
  const at = (checkpointMs: number, delay = 3) =>
    retained(
      run(
        shop({ application: writes }),
        { end: { kind: "cancel", atMs: 7500 } },
        cdcSource().lsnCommitCheckpointsDelay(delay).build(),
        checkpointMs,
      ),
    );

  it("moves with completed checkpoints, three behind: without checkpoints the log grows for ever", () => {
    expect(at(0)).toBe(databaseIn(run(shop({ application: writes }), { end: { kind: "cancel", atMs: 7500 } })).walBytes);
    expect(at(500)).toBeLessThan(at(0) / 2);
    expect(at(500, 0)).toBeLessThan(at(500));
  });

  it("that holds back too much is lost, and the job cannot go on", () => {
    const outcome = run(
      shop({ application: writes, settings: { walLevel: "logical", maxSlotWalKeepBytes: 3000 } }),
      {
        end: { kind: "cancel", atMs: 7500 },
        limits: { maxVirtualMs: 60_000, maxSteps: 1_000_000, maxOutputRecords: 1000, maxRestarts: 3 },
      },
      cdcSource().build(),
      0,
    );
    expect(outcome.failure?.message).toContain('can no longer get changes from replication slot "flink"');
    expect(databaseIn(outcome).slots[0]).toMatchObject({ name: "flink", lost: true });
  });

  it("moves with heartbeats when only other tables change", () => {
    const audit = { name: "audit", columns: { text: "text" } };
    const database = shop({
      tables: [...(shop().tables ?? []), audit],
      application: [{ atMs: 1000, changes: [{ op: "insert", table: "audit", row: { text: "x" } }], repeat: { everyMs: 100, times: 100 } }],
    });
    const held = (heartbeat: Duration) =>
      retained(
        run(
          database,
          { end: { kind: "cancel", atMs: 11_500 } },
          cdcSource().heartbeatInterval(heartbeat).lsnCommitCheckpointsDelay(0).build(),
        ),
      );
    expect(held(Duration.ofSeconds(1))).toBeLessThan(held(Duration.ofMillis(0)) / 3);
  });

  it("is gone after a failover: the source makes a new one, and what was written in between is missing", () => {
    const fault: Fault = { kind: "system", system: "shop", action: { what: "failover", downMs: 2000 }, when: { kind: "atMs", atMs: 3000 } };
    const application: DatabaseDescription["application"] = [1000, 2990, 5001, 9000].map((atMs, index) => ({
      atMs,
      changes: [{ op: "insert", table: "orders", row: order(10 + index) }],
    }));
    const ids = (failoverSlots: boolean) => {
      const outcome = finished(run(shop({ application, settings: { walLevel: "logical", failoverSlots } }), { faults: [fault] }));
      expect(databaseIn(outcome).tables[0].rows).toHaveLength(6);
      return changesIn(outcome)
        .filter(({ op }) => op === "c")
        .map(({ after }) => after?.id);
    };
    expect(ids(true)).toEqual([10, 11, 12, 13]);
    expect(ids(false)).not.toContain(11);
    expect(ids(false)).toContain(13);
  });

  const refusals: [string, DatabaseDescription, () => ReturnType<ReturnType<typeof cdcSource>["build"]>, string][] = [
    [
      "no logical log",
      shop({ settings: {} }),
      () => cdcSource().build(),
      'the slot name is flink. Due to: ERROR: logical decoding requires "wal_level" >= "logical"',
    ],
    ["no plugin", shop(), () => cdcSource().decodingPluginName("decoderbufs").build(), 'could not access file "decoderbufs"'],
    ["a bad name", shop(), () => cdcSource().slotName("My Slot").build(), "contains invalid character"],
    [
      "too few slots for the readers",
      shop({ settings: { walLevel: "logical", maxReplicationSlots: 1 } }),
      () => cdcSource().build(),
      "all replication slots are in use",
    ],
    [
      "no such table",
      shop(),
      () => cdcSource().tableList("orders").build(),
      "Can't find any matched tables, please check your configured database-name: [shop] and table-name: [orders]",
    ],
    [
      "no key",
      shop({ tables: [{ name: "orders", columns: { id: "integer" } }] }),
      () => cdcSource().build(),
      "'scan.incremental.snapshot.chunk.key-column' must be set",
    ],
    [
      "no such chunk key",
      shop(),
      () => cdcSource().chunkKeyColumn("nr").build(),
      "Chunk key column 'nr' doesn't exist in the table public.orders.",
    ],
    [
      "no slot to go on from",
      shop(),
      () => cdcSource().startupOptions(StartupOptions.committed()).build(),
      'needs the replication slot "flink"',
    ],
  ];
  it.each(refusals)("is refused: %s", (_what, database, source, expected) => {
    const limits = { maxVirtualMs: 60_000, maxSteps: 1_000_000, maxOutputRecords: 1000, maxRestarts: 2 };
    expect(run(database, { limits }, source()).failure?.message).toContain(expected);
  });
});

describe("CDC-5 startup", () => {
  const application: DatabaseDescription["application"] = [{ atMs: 2000, changes: [{ op: "insert", table: "orders", row: order(3) }] }];

  it("latest reads no tables", () => {
    const changes = changesIn(finished(run(shop({ application }), {}, cdcSource().startupOptions(StartupOptions.latest()).build())));
    expect(kinds(changes)).toEqual([["c", null, order(3)]]);
  });

  it.each([1, 2])("snapshot reads the tables and ends, with %s readers; its slot goes", (parallelism) => {
    const source = cdcSource().startupOptions(StartupOptions.snapshot()).splitSize(1).build();
    const outcome = finished(
      run(
        shop({ application }),
        { end: { kind: "cancel", atMs: 100_000 }, cluster: { taskManagers: 1, slotsPerTaskManager: 4, parallelism } },
        source,
      ),
    );
    expect(outcome.endMs).toBeLessThan(10_000);
    expect(new Set(kinds(changesIn(outcome)).map(([op]) => op))).toEqual(new Set(["r"]));
    expect(databaseIn(outcome).slots).toEqual([]);
  });

  it("what has no deserializer or an impossible option is refused when it is built", () => {
    const builder = () => PostgresSourceBuilder.PostgresIncrementalSource.builder<OrderChange>();
    expect(() => builder().database("shop").build()).toThrow("This PostgresIncrementalSource has no deserializer.");
    expect(() => builder().build()).toThrow("This PostgresIncrementalSource has no database.");
    expect(() => cdcSource().splitSize(0).build()).toThrow(
      "splitSize of a PostgresIncrementalSource must be a whole number of at least 1.",
    );
    expect(() => StartupOptions.earliest()).toThrow("The startup mode earliest-offset is not supported by the Postgres CDC connector.");
  });
});
