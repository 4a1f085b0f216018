import { granting } from "../../../src/flow/engine-access.ts";
import { describe, expect, it, vi } from "vitest";
import { IcebergCatalog } from "../../../src/connectors/iceberg/iceberg-catalog.ts";
import { IcebergWriter, type IcebergWriterSettings } from "../../../src/connectors/iceberg/iceberg-writer.ts";
import { SYSTEMS } from "../../../src/connectors/systems/outside-system.ts";
import { IcebergSink, TableLoader } from "../../../src/index.ts";
import {
  type Fault,
  type IcebergDescription,
  type IcebergTableOutcome,
  Prng,
  type RunOutcome,
  runWorld,
  type World,
} from "../../../src/sim.ts";
import {
  checkpointed,
  contentsOf,
  drawCrashes,
  finished,
  type Order,
  ordersOf,
  orderWorld,
  program,
  START_MS,
  upTo,
} from "../files/file-jobs.ts";
import { systemKit } from "../system-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const S3 = { kind: "objectStore", name: "s3", buckets: ["lake"] };
const LAKE: IcebergDescription = {
  kind: "iceberg",
  name: "lake",
  warehouse: "s3://lake/warehouse",
  tables: [{ name: "db.orders" }, { name: "db.by_country", partitionBy: ["country"] }],
};
const tableOf = (outcome: RunOutcome, name = "db.orders") =>
  contentsOf<{ readonly tables: readonly IcebergTableOutcome[] }>(outcome, "lake").tables.find(
    (table) => table.name === name,
  ) as IcebergTableOutcome;
const ids = (table: IcebergTableOutcome) => table.rows.map((row) => row.id as number).sort((a, b) => a - b);
const committedCheckpoints = (table: IcebergTableOutcome) =>
  table.snapshots.map(({ summary }) => Number(summary["flink.max-committed-checkpoint-id"]));

interface Total extends Order {
  readonly n: number;
}

/** Appends every order. */
const appendJob = program((env) => {
  checkpointed(env);
  IcebergSink.forRow(ordersOf(env).rebalance()).tableLoader(TableLoader.fromCatalog("lake", "db.orders")).append();
});

/** Keeps the last order of each of ten ids, and deletes one now and then. */
const upsertJob = (table = "db.orders") =>
  program((env) => {
    checkpointed(env);
    const changes = ordersOf(env).map(
      (order): Total => ({ id: order.id % 10, country: table === "db.orders" ? order.country : "de", n: order.id }),
    );
    IcebergSink.forRow(changes)
      .tableLoader(TableLoader.fromCatalog("lake", table))
      .equalityFieldColumns(table === "db.orders" ? ["id"] : ["id", "country"])
      .upsert(true)
      .rowKind((change) => (change.n % 17 === 5 ? "-D" : "+U"))
      .append();
  });

function expectedTotals(): number[] {
  const last = new Map<number, number | null>();
  for (const id of upTo(60)) last.set(id % 10, id % 17 === 5 ? null : id);
  return [...last.values()].filter((n) => n !== null).sort((a, b) => a - b);
}

const totals = (table: IcebergTableOutcome) => table.rows.map((row) => row.n as number).sort((a, b) => a - b);

/** One partition, so that updates of a key come in order. */
const oneByOne = (world: World): World => ({
  ...world,
  topics: world.topics.map((topic) => ({
    ...topic,
    partitions: 1,
    arrivals: topic.arrivals.map((arrival) => ({ ...arrival, partition: 0 })),
  })),
});

describe("ICE-1: snapshots", () => {
  it("are committed one per checkpoint, by one committer, and say which", () => {
    const table = tableOf(finished(runWorld(appendJob, orderWorld([S3, LAKE]))));
    expect(ids(table)).toEqual(upTo(60));
    const checkpoints = committedCheckpoints(table);
    expect(checkpoints.length).toBeGreaterThan(4);
    expect(checkpoints).toEqual([...new Set(checkpoints)].sort((a, b) => a - b));
    expect(table.snapshots.every(({ operation, summary }) => operation === "append" && summary["flink.job-id"]?.length === 32)).toBe(true);
    expect(table.orphanFiles).toEqual([]);
  });

  it("without checkpointing nothing is committed before the end", () => {
    const job = program((env) => void IcebergSink.forRow(ordersOf(env)).tableLoader(TableLoader.fromCatalog("lake", "db.orders")).append());
    const cancelled = tableOf(runWorld(job, { ...orderWorld([S3, LAKE]), end: { kind: "cancel", atMs: START_MS + 4000 } }));
    expect([cancelled.rows, cancelled.snapshots]).toEqual([[], []]);
    const drained = tableOf(finished(runWorld(job, orderWorld([S3, LAKE]))));
    expect([ids(drained), drained.snapshots.length]).toEqual([upTo(60), 1]);
  });

  it("ICE-2: are exactly once on 60 seeds of crashes; files of checkpoints that never completed are orphans", () => {
    let restarts = 0;
    let orphans = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const outcome = finished(runWorld(appendJob, orderWorld([S3, LAKE], { seed, faults: drawCrashes(seed) })));
      const table = tableOf(outcome);
      expect(ids(table), `seed ${seed}`).toEqual(upTo(60));
      const checkpoints = committedCheckpoints(table);
      expect(new Set(checkpoints).size, `seed ${seed}`).toBe(checkpoints.length);
      restarts += outcome.restarts;
      orphans += table.orphanFiles.length;
    }
    expect(restarts).toBeGreaterThan(50);
    expect(orphans).toBeGreaterThan(0);
  });
});

describe("ICE-3: upserts", () => {
  it.each(["db.orders", "db.by_country"])("into %s: a row replaces the one of its key, on 40 seeds of crashes", (name) => {
    for (let seed = 1; seed <= 40; seed++) {
      const table = tableOf(
        finished(runWorld(upsertJob(name), oneByOne(orderWorld([S3, LAKE], { seed, faults: drawCrashes(seed) })))),
        name,
      );
      expect(totals(table), `seed ${seed}`).toEqual(expectedTotals());
      expect(table.snapshots.some(({ operation, summary }) => operation === "overwrite" && Number(summary["total-delete-files"]) > 0)).toBe(
        true,
      );
    }
  });

  it("equality deletes hit older snapshots, position deletes the writer's own rows: any history gives the last row of each key", () => {
    const random = new Prng(7);
    for (let round = 0; round < 30; round++) {
      const { systems } = systemKit(S3, LAKE);
      const catalog = systems.get("lake", IcebergCatalog);
      const settings: IcebergWriterSettings<Total> = {
        location: "s3://lake/warehouse/db/orders",
        partitionBy: [],
        equalityFields: ["id"],
        upsert: true,
        kindOf: ({ n }) => (n < 0 ? "-D" : "+I"),
      };
      const context = granting(
        {
          subtaskIndex: 0,
          parallelism: 1,
          restoredCheckpointId: undefined,
          attemptNumber: 0,
          currentMs: () => 0,
          getJobInfo: () => ({ getJobName: () => "test", getJobId: () => "0" }),
        },
        { outside: (name) => (name === SYSTEMS ? systems : undefined) },
      );
      const writer = new IcebergWriter(settings, context);
      const model = new Map<number, number>();
      for (let n = 1; n <= 60; n++) {
        const id = random.nextInt(5);
        const value = random.nextInt(4) === 0 ? -n : n;
        writer.write({ id, country: "de", n: value });
        if (value < 0) model.delete(id);
        else model.set(id, value);
        if (random.nextInt(6) > 0) continue;
        for (const { files } of writer.prepareCommit()) catalog.commit(catalog.table("db.orders") as never, { files, summary: {} });
        const rows = catalog.rows("db.orders").map((row) => [row.id, row.n]);
        expect(rows.sort(), `round ${round}, step ${n}`).toEqual([...model].sort());
      }
    }
  });

  it.each([
    ["no equality fields", () => upsertWith([]), "ICEBERG_SINK_WITHOUT_EQUALITY_FIELDS"],
    ["a partition field that is none of them", () => upsertWith(["id"]), "ICEBERG_PARTITION_NOT_IN_EQUALITY_FIELDS"],
  ])("%s is refused", (_name, job, code) => {
    expect(runWorld(job(), orderWorld([S3, LAKE])).failure?.code).toBe(code);
  });
});

function upsertWith(columns: readonly ("id" | "country")[]) {
  return program((env) => {
    IcebergSink.forRow(ordersOf(env))
      .tableLoader(TableLoader.fromCatalog("lake", "db.by_country"))
      .equalityFieldColumns(columns)
      .upsert(true)
      .append();
  });
}

describe("ICE-4: commits that meet others, or get no answer", () => {
  const strike = (what: string, count: number): Fault => ({
    kind: "system",
    system: "lake",
    action: { what, count },
    when: { kind: "checkpoint", checkpoint: 3, step: "completed" },
  });

  it("a conflict is tried again on the other's snapshot", () => {
    const outcome = finished(runWorld(appendJob, orderWorld([S3, LAKE], { faults: [strike("conflicts", 3)] })));
    expect([outcome.restarts, ids(tableOf(outcome))]).toEqual([0, upTo(60)]);
    expect(committedCheckpoints(tableOf(outcome)).filter(Number.isNaN).length).toBe(3);
  });

  it("too many conflicts fail the job, which commits after its restart", () => {
    const outcome = finished(runWorld(appendJob, orderWorld([S3, LAKE], { faults: [strike("conflicts", 5)] })));
    expect([outcome.restarts, ids(tableOf(outcome))]).toEqual([1, upTo(60)]);
  });

  it("a commit whose answer was lost is found in the table's history, not made again", () => {
    const outcome = finished(runWorld(appendJob, orderWorld([S3, LAKE], { faults: [strike("commitStateUnknown", 1)] })));
    expect([outcome.restarts, ids(tableOf(outcome))]).toEqual([1, upTo(60)]);
  });

  it("ICE-5: the table can be read as of a snapshot or a time", () => {
    const { systems, clock } = systemKit(S3, { ...LAKE, tables: [{ name: "t", rows: [{ id: 1 }] }] } as IcebergDescription);
    clock.advanceTo(10);
    const catalog = systems.get("lake", IcebergCatalog);
    catalog.strike({ what: "append", table: "t", rows: [{ id: 2 }] });
    clock.advanceTo(20);
    catalog.strike({ what: "append", table: "t", rows: [{ id: 3 }] });
    const read = (asOf?: Parameters<IcebergCatalog["rows"]>[1]) => catalog.rows("t", asOf).map(({ id }) => id);
    expect([read(), read({ snapshotId: 1 }), read({ timestampMs: 15 }), read({ timestampMs: -1 })]).toEqual([[1, 2, 3], [1], [1, 2], []]);
    catalog.strike({ what: "expireSnapshots", table: "t", olderThanMs: 5 });
    expect([read(), read({ snapshotId: 1 })]).toEqual([[1, 2, 3], []]);
  });

  it("a table that does not exist is refused by name", () => {
    const job = program((env) => void IcebergSink.forRow(ordersOf(env)).tableLoader(TableLoader.fromCatalog("lake", "db.order")).append());
    expect(runWorld(job, orderWorld([S3, LAKE])).failure?.diagnostic).toMatchObject({
      code: "ICEBERG_TABLE_UNKNOWN",
      expected: "db.orders",
    });
  });
});
