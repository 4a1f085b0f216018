/** Connectors whose state moves between subtasks when a job is stopped with a savepoint and goes on with another parallelism. */
import { describe, expect, it, vi } from "vitest";
import {
  DefaultRollingPolicy,
  FileSink,
  FileSource,
  IcebergSink,
  json,
  KafkaSink,
  KinesisStreamsSink,
  KinesisStreamsSource,
  SimpleStringEncoder,
  type StreamExecutionEnvironment,
  TableLoader,
  TextLineInputFormat,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { IcebergTableOutcome, KinesisStreamOutcome, RunOutcome, SystemDescription, World } from "../../src/sim.ts";
import { runUpgrade } from "../../src/sim.ts";
import {
  bucketOf,
  checkpointed,
  contentsOf,
  drawCrashes,
  filesOf,
  idsOf,
  type Order,
  ordersOf,
  orderWorld,
  program,
  START_MS,
  upTo,
} from "./files/file-jobs.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Stops after 2 s and after 4 s, each time with a savepoint; the rest runs to its end. */
function rescaled(describeJob: (env: StreamExecutionEnvironment) => void, parallelisms: readonly number[], world: World): RunOutcome {
  const job = program(describeJob);
  const phases = parallelisms.map((parallelism, index) => ({
    program: job,
    parallelism,
    ...(index === parallelisms.length - 1 ? {} : { end: { kind: "stop" as const, atMs: START_MS + (index + 1) * 2000 } }),
  }));
  const { outcome, phases: ran } = runUpgrade(phases, world);
  expect(ran.map(({ status, failure }) => [status, failure])).toEqual(parallelisms.map(() => ["finished", null]));
  return outcome;
}

const DISK = { kind: "files", name: "disk" };
const S3 = { kind: "objectStore", name: "s3", buckets: ["lake"], minPartBytes: 200 };
const LAKE = { kind: "iceberg", name: "lake", warehouse: "s3://lake/warehouse", tables: [{ name: "db.orders" }] };
const SEEDS = upTo(12).map((n) => n + 1);
const SHAPES = [
  [2, 1, 3],
  [1, 3, 2],
];

describe.each(SHAPES)("from %i to %i to %i", (...parallelisms) => {
  const worlds = (...systems: readonly SystemDescription[]) =>
    SEEDS.map((seed) => orderWorld(systems, { seed, faults: drawCrashes(seed) })).map((world) => ({
      ...world,
      cluster: { ...world.cluster, slotsPerTaskManager: 4 },
    }));

  const fileSink = (basePath: string) => (env: StreamExecutionEnvironment) => {
    checkpointed(env);
    const sink = FileSink.forRowFormat<Order>(basePath, new SimpleStringEncoder<Order>())
      .withBucketAssigner({ getBucketId: ({ country }) => country })
      .withRollingPolicy(DefaultRollingPolicy.builder().withMaxPartSize(300).build())
      .build();
    ordersOf(env).rebalance().sinkTo(sink);
  };

  it("FILE-4: files in progress go on in other writers, several of a bucket in one", () => {
    for (const world of worlds(DISK)) {
      const files = filesOf(rescaled(fileSink("/out"), parallelisms, world)).filter(({ inProgress }) => !inProgress);
      expect(idsOf(files), `seed ${world.seed}`).toEqual(upTo(60));
    }
  });

  it("FILE-4: uploads likewise", () => {
    for (const world of worlds(S3)) {
      const { objects } = bucketOf(rescaled(fileSink("s3://lake/out"), parallelisms, world));
      expect(idsOf(objects.filter(({ key }) => !key.includes("_tmp_"))), `seed ${world.seed}`).toEqual(upTo(60));
    }
  });

  it("FILE-4: what was put aside for uploads is removed when nothing breaks", () => {
    const world = { ...orderWorld([S3]), cluster: { taskManagers: 2, slotsPerTaskManager: 4, parallelism: 2 } };
    const { objects, uploads } = bucketOf(rescaled(fileSink("s3://lake/out"), parallelisms, world));
    expect([objects.filter(({ key }) => key.includes("_tmp_")), uploads]).toEqual([[], []]);
  });

  it("FILE-8: files that are being read", () => {
    const lines = upTo(300).map((n) => `{"id":${n}}`);
    const files = upTo(6).map((n) => ({ path: `/in/${n}`, content: `${lines.slice(n * 50, n * 50 + 50).join("\n")}\n` }));
    const job = (env: StreamExecutionEnvironment) => {
      checkpointed(env);
      env
        .fromSource(
          FileSource.forRecordStreamFormat(new TextLineInputFormat(), "/in").monitorContinuously(500).build(),
          WatermarkStrategy.noWatermarks(),
          "in",
        )
        .sinkTo(
          KafkaSink.builder<string>()
            .setRecordSerializer(json("out"))
            .setDeliveryGuarantee("EXACTLY_ONCE")
            .setTransactionalIdPrefix("f")
            .build(),
        );
    };
    for (const world of worlds({ kind: "files", name: "disk", files } as SystemDescription)) {
      const topics = [{ name: "out", partitions: 1, arrivals: [] }];
      const { topics: out } = rescaled(job, parallelisms, { ...world, topics, costsUs: { "*": 15_000 } });
      const read = (out[0]?.records ?? []).filter(({ committedAtMs }) => committedAtMs !== null).map(({ value }) => value as string);
      expect(read.sort(), `seed ${world.seed}`).toEqual([...lines].sort());
    }
  });

  it("ICE-2: committables that wait, and the checkpoints that the table knows", () => {
    const job = (env: StreamExecutionEnvironment) => {
      checkpointed(env);
      IcebergSink.forRow(ordersOf(env).rebalance()).tableLoader(TableLoader.fromCatalog("lake", "db.orders")).append();
    };
    for (const world of worlds(S3, LAKE)) {
      const [table] = contentsOf<{ readonly tables: readonly IcebergTableOutcome[] }>(rescaled(job, parallelisms, world), "lake").tables;
      expect(
        table.rows.map(({ id }) => id as number).sort((a, b) => a - b),
        `seed ${world.seed}`,
      ).toEqual(upTo(60));
    }
  });

  it("KIN-2, KIN-3: shards that are being read, and records that have not been sent", () => {
    const job = (env: StreamExecutionEnvironment) => {
      checkpointed(env);
      const source = KinesisStreamsSource.builder<Order>()
        .setStreamArn("in")
        .setSourceConfig({ "source.init.position": "TRIM_HORIZON", "source.shard.discovery.interval": "300" })
        .build();
      const sink = KinesisStreamsSink.builder<Order>()
        .setStreamName("out")
        .setSerializationSchema((order) => order)
        .setPartitionKeyGenerator(({ id }) => `k${id}`)
        .build();
      env.fromSource(source, WatermarkStrategy.noWatermarks(), "in").sinkTo(sink);
    };
    const records = upTo(60).map((id) => ({ atMs: START_MS + id * 100, partitionKey: `k${id % 7}`, data: { id, country: "de" } }));
    const shard = (n: number) => `shardId-${String(n).padStart(12, "0")}`;
    const reshards = [
      { atMs: START_MS + 1800, split: shard(0) },
      { atMs: START_MS + 3900, merge: shard(2) },
    ];
    const aws = {
      kind: "kinesis",
      name: "aws",
      streams: [
        { name: "in", shards: 2, records, reshards },
        { name: "out", shards: 1 },
      ],
    };
    for (const world of worlds(aws)) {
      const { streams } = contentsOf<{ readonly streams: readonly KinesisStreamOutcome[] }>(
        rescaled(job, parallelisms, { ...world, topics: [] }),
        "aws",
      );
      const written = streams[1].shards.flatMap((one) => one.records.map(({ data }) => (data as Order).id));
      expect(
        [...new Set(written)].sort((a, b) => a - b),
        `seed ${world.seed}`,
      ).toEqual(upTo(60));
      if (world.faults.length === 0) expect(written.length).toBe(60);
    }
  });
});
