import { describe, expect, it, vi } from "vitest";
import {
  IcebergSink,
  IcebergSource,
  json,
  KafkaSink,
  type StreamingStartingStrategy,
  TableLoader,
  WatermarkStrategy,
} from "../../../src/index.ts";
import type { IcebergSourceBuilder } from "../../../src/index.ts";
import { type IcebergDescription, type RunOutcome, runWorld, type World } from "../../../src/sim.ts";
import { checkpointed, drawCrashes, finished, type Order, ordersOf, orderWorld, program, START_MS, upTo } from "../files/file-jobs.ts";

vi.setConfig({ testTimeout: 60_000 });

const S3 = { kind: "objectStore", name: "s3", buckets: ["lake"] };
const given = (...ids: readonly number[]) => ids.map((id) => ({ id, country: "de" }));
type Appends = NonNullable<IcebergDescription["tables"][number]["appends"]>;
const lake = (rows: readonly Order[] = [], appends: Appends = []): IcebergDescription => ({
  kind: "iceberg",
  name: "lake",
  warehouse: "s3://lake/warehouse",
  tables: [{ name: "db.orders", partitionBy: ["country"], rows: rows as never, appends }],
});
const LOADER = TableLoader.fromCatalog("lake", "db.orders");
const appended = (atMs: number, ...ids: readonly number[]): Appends[number] => ({ atMs: START_MS + atMs, rows: given(...ids) });

function worldOf(rows: readonly Order[], appends: Appends = [], more: Partial<World> = {}): World {
  return { ...orderWorld([S3, lake(rows, appends)], { count: 0 }), topics: [{ name: "out", partitions: 1, arrivals: [] }], ...more };
}

function copyJob(adjust: (builder: IcebergSourceBuilder<Order>) => IcebergSourceBuilder<Order>) {
  return program((env) => {
    checkpointed(env, 200);
    env
      .fromSource(adjust(IcebergSource.forRow<Order>().tableLoader(LOADER)).build(), WatermarkStrategy.noWatermarks(), "lake")
      .sinkTo(
        KafkaSink.builder<Order>()
          .setRecordSerializer(json("out"))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("copy")
          .build(),
      );
  });
}

const ids = (outcome: RunOutcome) =>
  (finished(outcome).topics.find(({ name }) => name === "out")?.records ?? [])
    .filter(({ committedAtMs }) => committedAtMs !== null)
    .map(({ value }) => (value as Order).id)
    .sort((a, b) => a - b);

describe("ICE-6, ICE-7: IcebergSource", () => {
  it("reads the current snapshot once, deletes applied, and ends", () => {
    const outcome = runWorld(
      copyJob((builder) => builder),
      worldOf(given(1, 2, 3)),
    );
    expect(ids(outcome)).toEqual([1, 2, 3]);
  });

  it("streams what is appended, interval by interval, from where it is told", () => {
    const appends = [appended(1000, 4), appended(2500, 5, 6)];
    const streamed = (strategy: keyof typeof StreamingStartingStrategy) =>
      ids(
        runWorld(
          copyJob((builder) => builder.streaming(true).monitorInterval(400).streamingStartingStrategy(strategy)),
          worldOf(given(1, 2, 3), appends),
        ),
      );
    expect(streamed("TABLE_SCAN_THEN_INCREMENTAL")).toEqual([1, 2, 3, 4, 5, 6]);
    expect(streamed("INCREMENTAL_FROM_LATEST_SNAPSHOT")).toEqual([1, 2, 3, 4, 5, 6]);
    expect(streamed("INCREMENTAL_FROM_EARLIEST_SNAPSHOT")).toEqual([1, 2, 3, 4, 5, 6]);
    expect(streamed("INCREMENTAL_FROM_LATEST_SNAPSHOT_EXCLUSIVE")).toEqual([4, 5, 6]);
  });

  it("passes over snapshots that replace rows while streaming, and sees their result when it reads once", () => {
    const job = (streams: boolean) =>
      program((env) => {
        checkpointed(env, 1000);
        IcebergSink.forRow(ordersOf(env).map(({ id }) => ({ id: id % 3, country: "de", n: id })))
          .tableLoader(LOADER)
          .equalityFieldColumns(["id", "country"])
          .upsert(true)
          .append();
        if (!streams) return;
        env
          .fromSource(
            IcebergSource.forRow<Order>().tableLoader(LOADER).streaming(true).monitorInterval(300).build(),
            WatermarkStrategy.noWatermarks(),
            "lake",
          )
          .sinkTo(KafkaSink.builder<Order>().setRecordSerializer(json("out")).setDeliveryGuarantee("AT_LEAST_ONCE").build());
      });
    const world = orderWorld([S3, lake()], { count: 12 });
    const withOut = { ...world, topics: [...world.topics, { name: "out", partitions: 1, arrivals: [] }] };
    expect(ids(runWorld(job(true), withOut))).toEqual([]);
  });

  it("is exactly once on 40 seeds of crashes", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const appends = [300, 900, 1500, 2100, 2700].map((atMs, i) => appended(atMs, ...upTo(10).map((n) => 10 + i * 10 + n)));
      const job = copyJob((builder) =>
        builder.streaming(true).monitorInterval(250).streamingStartingStrategy("TABLE_SCAN_THEN_INCREMENTAL"),
      );
      const outcome = runWorld(job, { ...worldOf(given(...upTo(10)), appends, { faults: drawCrashes(seed) }), seed });
      expect(ids(outcome), `seed ${seed}`).toEqual(upTo(60));
    }
  });

  it.each([
    ["no table", () => IcebergSource.forRow().build(), "tableLoader is required."],
    [
      "a snapshot while streaming",
      () => IcebergSource.forRow().tableLoader(LOADER).streaming(true).useSnapshotId(1).build(),
      "Cannot set snapshot-id option for streaming reader",
    ],
    [
      "a start without its snapshot",
      () => IcebergSource.forRow().tableLoader(LOADER).streaming(true).streamingStartingStrategy("INCREMENTAL_FROM_SNAPSHOT_ID").build(),
      "Invalid starting snapshot id for SPECIFIC_START_SNAPSHOT_ID strategy: null",
    ],
  ])("refuses %s", (_what, build, message) => {
    expect(build).toThrow(message);
  });
});
