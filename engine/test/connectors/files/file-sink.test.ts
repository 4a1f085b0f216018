import { describe, expect, it, vi } from "vitest";
import {
  AvroParquetWriters,
  DateTimeBucketAssigner,
  DefaultRollingPolicy,
  Duration,
  FileSink,
  MemorySize,
  OnCheckpointRollingPolicy,
  OutputFileConfig,
  SimpleStringEncoder,
} from "../../../src/index.ts";
import { type Fault, type FileStoreDescription, runWorld, type World } from "../../../src/sim.ts";
import {
  bucketOf,
  checkpointed,
  drawCrashes,
  fileJob,
  filesOf,
  finished,
  idsOf,
  type Order,
  ordersOf,
  orderWorld,
  program,
  START_MS,
  upTo,
} from "./file-jobs.ts";

vi.setConfig({ testTimeout: 60_000 });

const DISK: FileStoreDescription = { kind: "files", name: "disk" };
const LAKE = { kind: "objectStore", name: "s3", buckets: ["lake"], minPartBytes: 200 };
const visible = <F extends { readonly inProgress: boolean }>(files: readonly F[]) => files.filter(({ inProgress }) => !inProgress);

describe("FILE-1 to FILE-3: part files", () => {
  it("FILE-1: become visible with the checkpoint after their end, under <prefix>-<uid>-<counter><suffix> in their bucket", () => {
    const job = program((env) => {
      checkpointed(env);
      const sink = FileSink.forRowFormat<Order>("/out", new SimpleStringEncoder<Order>())
        .withBucketAssigner({ getBucketId: ({ country }) => `country=${country}` })
        .withRollingPolicy(OnCheckpointRollingPolicy.build())
        .withOutputFileConfig(OutputFileConfig.builder().withPartPrefix("orders").withPartSuffix(".json").build())
        .build();
      ordersOf(env).sinkTo(sink);
    });
    const outcome = finished(runWorld(job, orderWorld([DISK])));
    const files = filesOf(outcome);
    expect(idsOf(files)).toEqual(upTo(60));
    for (const { path, inProgress } of files) {
      expect(path).toMatch(
        /^\/out\/country=(de|fr|it)\/orders-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-\d+\.json$/,
      );
      expect(inProgress).toBe(false);
    }
    // One file per bucket, writer and checkpoint; nothing is visible before the first checkpoint.
    expect(files.length).toBeGreaterThan(20);
    expect(Math.min(...files.map(({ visibleAtMs }) => visibleAtMs))).toBeGreaterThan(START_MS);
  });

  it.each([
    ["by size at the next element", { withMaxPartSize: 100 }, (files: number) => files > 12],
    ["by age", { withRolloverInterval: 1500 }, (files: number) => files > 6],
    ["when nothing comes", { withInactivityInterval: 2000 }, (files: number) => files >= 6 && files < 12],
    ["not at all before the end", {}, (files: number) => files === 6],
  ] as const)("FILE-2: are closed %s", (_name, settings, holds) => {
    let builder = DefaultRollingPolicy.builder();
    for (const [method, value] of Object.entries(settings)) builder = builder[method as "withMaxPartSize"](value as number);
    const files = visible(filesOf(finished(runWorld(fileJob("/out", builder.build()), orderWorld([DISK])))));
    expect(idsOf(files)).toEqual(upTo(60));
    expect(holds(files.length), `${files.length} files`).toBe(true);
  });

  it("FILE-2: hours of processing time are the default buckets", () => {
    const context = { currentProcessingTime: () => START_MS + 5_400_000, currentWatermark: () => 0, timestamp: () => null };
    expect(new DateTimeBucketAssigner().getBucketId({}, context)).toBe("2026-01-01--01");
    expect(new DateTimeBucketAssigner("'dt='yyyy-MM-dd/HH:mm", "+02:00").getBucketId({}, context)).toBe("dt=2026-01-01/03:30");
    expect(() => new DateTimeBucketAssigner("yyyy-QQ")).toThrow('Unknown pattern letter "Q"');
    const job = program((env) => {
      checkpointed(env);
      ordersOf(env).sinkTo(FileSink.forRowFormat<Order>("/out", new SimpleStringEncoder<Order>()).build());
    });
    expect(new Set(filesOf(finished(runWorld(job, orderWorld([DISK])))).map(({ path }) => path.split("/")[2]))).toEqual(
      new Set(["2026-01-01--00"]),
    );
  });

  it("FILE-3: bulk formats roll at every checkpoint and take no other policy", () => {
    expect(() =>
      FileSink.forBulkFormat<Order>("/out", AvroParquetWriters.forReflectRecord()).withRollingPolicy(
        DefaultRollingPolicy.builder().build(),
      ),
    ).toThrow("A bulk format needs a CheckpointRollingPolicy");
    const job = program((env) => {
      checkpointed(env);
      ordersOf(env).sinkTo(FileSink.forBulkFormat<Order>("/out", AvroParquetWriters.forReflectRecord<Order>()).build());
    });
    const outcome = finished(runWorld(job, orderWorld([DISK])));
    const files = filesOf(outcome);
    expect(idsOf(files)).toEqual(upTo(60));
    expect(files.length).toBeGreaterThan(5);
    for (const { content } of files) expect(content).toMatch(/^PAR1\n[\s\S]*\n\{"rows":\d+\}\nPAR1$/);
  });

  it("FILE-1: without checkpointing nothing is visible before the end of the input", () => {
    const job = program((env) => ordersOf(env).sinkTo(FileSink.forRowFormat<Order>("/out", new SimpleStringEncoder<Order>()).build()));
    const world: World = { ...orderWorld([DISK]), end: { kind: "cancel", atMs: START_MS + 5000 } };
    const cancelled = filesOf(runWorld(job, world));
    expect(cancelled.every(({ inProgress }) => inProgress)).toBe(true);
    expect(idsOf(cancelled).length).toBeGreaterThan(40);
    expect(idsOf(visible(filesOf(finished(runWorld(job, orderWorld([DISK]))))))).toEqual(upTo(60));
  });

  it("sizes are read as Flink reads them", () => {
    expect([MemorySize.parse("2 kb").getBytes(), MemorySize.ofMebiBytes(1).getBytes(), MemorySize.parse("7").getBytes()]).toEqual([
      2048, 1048576, 7,
    ]);
    expect(() => MemorySize.parse("many")).toThrow('Could not parse "many"');
  });
});

const POLICIES = {
  "every checkpoint": OnCheckpointRollingPolicy.build<Order>(),
  "files over many checkpoints": DefaultRollingPolicy.builder()
    .withMaxPartSize(250)
    .withRolloverInterval(Duration.ofSeconds(3))
    .build<Order>(),
};

describe.each(Object.entries(POLICIES))("FILE-4: exactly once under crashes, %s", (_name, policy) => {
  it.each([
    ["/out", DISK],
    ["s3://lake/out", LAKE],
  ] as const)("on %s, 60 seeds", (basePath, system) => {
    let restarts = 0;
    let leftOver = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const outcome = finished(runWorld(fileJob(basePath, policy), orderWorld([system], { seed, faults: drawCrashes(seed) })));
      restarts += outcome.restarts;
      if (system === DISK) {
        const files = filesOf(outcome);
        expect(idsOf(visible(files)), `seed ${seed}`).toEqual(upTo(60));
        leftOver += files.length - visible(files).length;
      } else {
        const { objects, uploads } = bucketOf(outcome);
        expect(idsOf(objects.filter(({ key }) => !key.includes("_tmp_"))), `seed ${seed}`).toEqual(upTo(60));
        leftOver += uploads.length;
      }
    }
    expect(restarts).toBeGreaterThan(60);
    // FILE-5: what a dead writer had begun since the last checkpoint stays behind.
    expect(leftOver).toBeGreaterThan(0);
  });
});

describe("FILE-6: file systems that fail", () => {
  const strike = (
    system: string,
    action: Fault & { kind: "system" } extends { action: infer A } ? A : never,
    atMs = START_MS + 2300,
  ): Fault => ({
    kind: "system",
    system,
    action,
    when: { kind: "atMs", atMs },
  });
  const policy = POLICIES["every checkpoint"];

  it("a full disk fails the job until there is space again", () => {
    const faults = [strike("disk", { what: "diskFull", forMs: 1500 })];
    const outcome = finished(runWorld(fileJob("/out", policy), orderWorld([DISK], { faults })));
    expect(outcome.restarts).toBeGreaterThan(1);
    expect(idsOf(visible(filesOf(outcome)))).toEqual(upTo(60));
  });

  it("a disk that is too small fails it for good", () => {
    const outcome = runWorld(fileJob("/out", policy), {
      ...orderWorld([{ ...DISK, capacityBytes: 400 } as FileStoreDescription]),
      limits: { ...orderWorld([]).limits, maxRestarts: 5 },
    });
    expect(outcome.failure?.message).toContain("No space left on device");
  });

  it("a slow one makes checkpoints take longer", () => {
    const longest = (faults: readonly Fault[]) => {
      const { recording } = finished(runWorld(fileJob("/out", policy), orderWorld([DISK], { faults }), { record: true }));
      const triggeredMs = new Map<number, number>();
      let longestMs = 0;
      for (const event of recording?.events ?? []) {
        if (event.kind !== "checkpoint") continue;
        if (event.what === "triggered") triggeredMs.set(event.checkpoint, event.t);
        if (event.what === "completed") longestMs = Math.max(longestMs, event.t - (triggeredMs.get(event.checkpoint) ?? event.t));
      }
      return longestMs;
    };
    expect(longest([])).toBeLessThan(100);
    expect(longest([strike("disk", { what: "slow", latencyMs: 300, forMs: 60_000 })])).toBeGreaterThan(600);
  });

  it("an object store that throttles is asked again, and given up after a while", () => {
    const short = finished(
      runWorld(fileJob("s3://lake/out", policy), orderWorld([LAKE], { faults: [strike("s3", { what: "unavailable", forMs: 5000 })] })),
    );
    expect([short.restarts, idsOf(bucketOf(short).objects)]).toEqual([0, upTo(60)]);
    const long = finished(
      runWorld(fileJob("s3://lake/out", policy), orderWorld([LAKE], { faults: [strike("s3", { what: "unavailable", forMs: 45_000 })] })),
    );
    expect(long.restarts).toBeGreaterThan(0);
    expect(idsOf(bucketOf(long).objects)).toEqual(upTo(60));
  });

  it("an upload that the bucket's lifecycle rule has aborted cannot be committed", () => {
    const outcome = runWorld(fileJob("s3://lake/out", policy), {
      ...orderWorld([LAKE], {
        faults: [
          {
            kind: "system",
            system: "s3",
            action: { what: "abortUploads", olderThanMs: 0 },
            when: { kind: "checkpoint", checkpoint: 2, step: "completed" },
          },
        ],
      }),
      limits: { ...orderWorld([]).limits, maxRestarts: 3 },
    });
    expect(outcome.status).toBe("limit");
    expect(outcome.failure?.message).toContain("The specified multipart upload does not exist");
  });

  it.each([
    ["s3://lak/out", "a path on disk, s3"],
    ["hdfs://other/out", "a path on disk, s3"],
  ])("no file system has %s", (basePath, expected) => {
    const outcome = runWorld(fileJob(basePath, policy), orderWorld([DISK, LAKE]));
    expect(outcome.failure?.diagnostic).toMatchObject({ code: "FILE_SYSTEM_UNKNOWN", found: `${basePath}`, expected });
  });
});
