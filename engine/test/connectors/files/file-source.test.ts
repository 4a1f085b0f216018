import { describe, expect, it, vi } from "vitest";
import {
  AvroParquetReaders,
  Duration,
  FileSink,
  FileSource,
  KafkaSink,
  json,
  Path,
  SimpleStringEncoder,
  type StreamFormat,
  TextLineInputFormat,
  WatermarkStrategy,
} from "../../../src/index.ts";
import { type Fault, type FileStoreDescription, type GivenFile, type RunOutcome, runWorld, type World } from "../../../src/sim.ts";
import { checkpointed, drawCrashes, filesOf, finished, idsOf, orderWorld, program, START_MS, upTo } from "./file-jobs.ts";

vi.setConfig({ testTimeout: 60_000 });

const lines = (file: number, count: number) => Array.from({ length: count }, (_, n) => `f${file}-${n}`);
const file = (path: string, content: readonly string[], atMs?: number): GivenFile => ({
  path,
  content: content.map((line) => `${line}\n`).join(""),
  ...(atMs === undefined ? {} : { atMs: START_MS + atMs }),
});

function disk(files: readonly GivenFile[], more: Partial<FileStoreDescription> = {}): FileStoreDescription {
  return { kind: "files", name: "disk", files, ...more };
}

function worldOf(systems: World["systems"], more: Partial<World> = {}): World {
  return { ...orderWorld(systems ?? [], { count: 0 }), topics: [{ name: "out", partitions: 1, arrivals: [] }], ...more };
}

function copyJob<T>(format: StreamFormat<T>, path: string, monitorMs?: number) {
  return program((env) => {
    checkpointed(env, 200);
    const builder = FileSource.forRecordStreamFormat(format, new Path(path));
    if (monitorMs !== undefined) builder.monitorContinuously(Duration.ofMillis(monitorMs));
    env
      .fromSource(builder.build(), WatermarkStrategy.noWatermarks(), "files")
      .sinkTo(
        KafkaSink.builder<T>()
          .setRecordSerializer(json("out"))
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("copy")
          .build(),
      );
  });
}

const values = (outcome: RunOutcome) =>
  (finished(outcome).topics[0]?.records ?? []).filter(({ committedAtMs }) => committedAtMs !== null).map(({ value }) => value as string);

describe("FILE-7: FileSource", () => {
  it("reads all files below the path, but for hidden ones, and ends", () => {
    const files = [
      file("/in/a.txt", lines(1, 3)),
      file("/in/deep/b.txt", lines(2, 2)),
      file("/in/.hidden", ["no"]),
      file("/in/_tmp/c.txt", ["no"]),
      file("/inn/d.txt", ["no"]),
    ];
    const outcome = runWorld(copyJob(new TextLineInputFormat(), "/in"), worldOf([disk(files)]));
    expect(values(outcome).sort()).toEqual([...lines(1, 3), ...lines(2, 2)]);
    const one = runWorld(copyJob(new TextLineInputFormat(), "/in/a.txt"), worldOf([disk(files)]));
    expect(values(one)).toEqual(lines(1, 3));
  });

  it("a static set leaves out what comes later; monitoring finds it at its interval, once", () => {
    const files = [file("/in/a.txt", lines(1, 2)), file("/in/b.txt", lines(2, 2), 2500)];
    expect(values(runWorld(copyJob(new TextLineInputFormat(), "/in"), worldOf([disk(files)])))).toEqual(lines(1, 2));
    const faults: Fault[] = [
      {
        kind: "system",
        system: "disk",
        action: { what: "addFile", path: "/in/a.txt", content: "changed\n" },
        when: { kind: "atMs", atMs: START_MS + 1200 },
      },
    ];
    const monitored = runWorld(copyJob(new TextLineInputFormat(), "/in", 1000), worldOf([disk(files)], { faults }));
    expect(values(monitored)).toEqual([...lines(1, 2), ...lines(2, 2)]);
    const foundMs = Math.max(...(monitored.topics[0]?.records ?? []).map(({ appendedAtMs }) => appendedAtMs));
    expect(foundMs - START_MS).toBeGreaterThanOrEqual(3000);
    expect(foundMs - START_MS).toBeLessThan(3100);
  });

  it("FILE-8: is exactly once over crashes, in the middle of a file and between files, on 60 seeds", () => {
    let restarts = 0;
    const names = upTo(8);
    const files = names.map((n) => file(`/in/f${n}.txt`, lines(n, 150), n < 4 ? undefined : n * 700));
    const all = names.flatMap((n) => lines(n, 150)).sort();
    for (let seed = 1; seed <= 60; seed++) {
      const world = worldOf([disk(files, { latencyMs: 40 })], { seed, faults: drawCrashes(seed), costsUs: { "*": 3000 } });
      const outcome = runWorld(copyJob(new TextLineInputFormat(), "/in", 500), world);
      restarts += outcome.restarts;
      expect(values(outcome).sort(), `seed ${seed}`).toEqual(all);
    }
    expect(restarts).toBeGreaterThan(40);
  });

  it("reads objects of a bucket, and refuses a file that is no Parquet", () => {
    const rows = ["PAR1", '{"id":1}', '{"id":2}', '{"rows":2}', "PAR1"].join("\n");
    const store = { kind: "objectStore", name: "s3", buckets: ["lake"], objects: [{ bucket: "lake", key: "in/part-0", content: rows }] };
    expect(values(runWorld(copyJob(AvroParquetReaders.forReflectRecord<{ id: number }>(), "s3://lake/in"), worldOf([store])))).toEqual([
      { id: 1 },
      { id: 2 },
    ]);
    const torn = runWorld(
      copyJob(AvroParquetReaders.forReflectRecord<{ id: number }>(), "/in"),
      worldOf([disk([file("/in/x", ["PAR1", '{"id":1}'])])], { limits: { ...worldOf([]).limits, maxRestarts: 2 } }),
    );
    expect(torn.failure?.message).toContain("is not a Parquet file");
  });

  it("what a FileSink writes, another job reads without ever seeing a file in the making", () => {
    const job = program((env) => {
      checkpointed(env);
      const numbers = env.fromSource(
        FileSource.forRecordStreamFormat(new TextLineInputFormat(), "/in").build(),
        WatermarkStrategy.noWatermarks(),
        "in",
      );
      numbers.sinkTo(
        FileSink.forRowFormat<string>("/out", new SimpleStringEncoder<string>())
          .withBucketAssigner({ getBucketId: () => "" })
          .build(),
      );
      env
        .fromSource(
          FileSource.forRecordStreamFormat(new TextLineInputFormat(), "/out").monitorContinuously(100).build(),
          WatermarkStrategy.noWatermarks(),
          "out",
        )
        .sinkTo(KafkaSink.builder<string>().setRecordSerializer(json("out")).build());
    });
    const content = upTo(30).map((id) => `{"id":${id}}`);
    const outcome = runWorld(job, worldOf([disk([file("/in/a", content)])], { end: { kind: "stop", atMs: START_MS + 5000 } }));
    expect(values(outcome).sort()).toEqual([...content].sort());
    expect(idsOf(filesOf(outcome).filter(({ path }) => path.startsWith("/out/")))).toEqual(upTo(30));
  });
});
