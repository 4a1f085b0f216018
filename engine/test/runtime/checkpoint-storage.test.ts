import { describe, expect, it } from "vitest";
import { Configuration, KafkaSource, type StreamExecutionEnvironment, WatermarkStrategy } from "../../src/index.ts";
import type { CheckpointDiskDescription, Fault, FaultTrigger, RunOutcome, SystemAction } from "../../src/sim.ts";
import { type CheckpointFile, CheckpointFiles } from "../../src/runtime/checkpoint/storage/checkpoint-files.ts";
import { FileCheckpointStorage } from "../../src/runtime/checkpoint/storage/file-checkpoint-storage.ts";
import { Prng } from "../../src/base/prng.ts";
import { KafkaRecordSerializationSchema, KafkaSink } from "../../src/index.ts";
import { committed, runJob, type TestWorld } from "../datastream/run-job.ts";

const CLICKS = Array.from({ length: 40 }, (_, n) => ({ user: `u${n % 8}`, n }));

const DISK: CheckpointDiskDescription = { kind: "checkpointStorage", name: "checkpoints" };

const WORLD: TestWorld = {
  partitions: 2,
  input: { clicks: CLICKS.map((click) => [click.n * 100, click, click.n % 2] as const) },
  cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 },
};

/** Sums per user, exactly once. Nothing is so small that it lies in the metadata. */
function job(options: Readonly<Record<string, string>>) {
  return (env: StreamExecutionEnvironment) => {
    env.configure(Configuration.fromMap({ "execution.checkpointing.data-inline-threshold": "0 b", ...options }));
    env.enableCheckpointing(500);
    const source = KafkaSource.builder<{ user: string; n: number }>()
      .setTopics("clicks")
      .setValueOnlyDeserializer((value) => value as { user: string; n: number })
      .build();
    env
      .fromSource(source, WatermarkStrategy.noWatermarks(), "clicks")
      .keyBy((click) => click.user)
      .sum("n")
      .sinkTo(
        KafkaSink.builder<{ user: string; n: number }>()
          .setRecordSerializer(
            KafkaRecordSerializationSchema.builder<{ user: string; n: number }>()
              .setTopic("out")
              .setValueSerializationSchema((value) => value)
              .build(),
          )
          .setDeliveryGuarantee("EXACTLY_ONCE")
          .setTransactionalIdPrefix("job")
          .build(),
      );
  };
}

function run(options: Readonly<Record<string, string>>, world: TestWorld = {}): RunOutcome {
  return runJob(job(options), { systems: [DISK], ...WORLD, ...world });
}

function filesOf(outcome: RunOutcome): readonly CheckpointFile[] {
  return outcome.systems.find(({ kind }) => kind === "checkpointStorage")?.contents as CheckpointFile[];
}

function strike(what: string, when: FaultTrigger, more: Partial<SystemAction> = {}): Fault {
  return { kind: "system", system: "checkpoints", action: { what, ...more }, when };
}

const crash = (when: FaultTrigger): Fault => ({ kind: "crashTaskManager", taskManager: 0, when });
const completed = (checkpoint: number): FaultTrigger => ({ kind: "checkpoint", checkpoint, step: "completed" });
const contents = (outcome: RunOutcome) =>
  committed(outcome)
    .map((value) => JSON.stringify(value))
    .sort();
const EXPECTED = contents(run({}));
const CANCELLED: TestWorld = { end: { kind: "cancel", atMs: 3400 } };

describe("CKP-8 files in the checkpoint storage", () => {
  it("lie as Flink lays them out, with their sizes", () => {
    const files = filesOf(run({ "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION" }, CANCELLED));
    const shape = (path: string) => path.replace(/chk-\d+/, "chk-n").replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "uuid");
    expect(new Set(files.map(({ path }) => shape(path)))).toEqual(new Set(["job-1/chk-n/uuid", "job-1/chk-n/_metadata"]));
    expect(files.every(({ bytes }) => bytes > 0)).toBe(true);
  });

  it.each([
    ["1", 1],
    ["3", 3],
  ])("num-retained %s keeps so many", (numRetained, expected) => {
    const options = {
      "execution.checkpointing.num-retained": numRetained,
      "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    };
    const files = filesOf(run(options, CANCELLED));
    expect(files.filter(({ path }) => path.endsWith("_metadata"))).toHaveLength(expected);
  });

  const RETENTION = ["NO_EXTERNALIZED_CHECKPOINTS", "DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION"] as const;
  it.each([
    ["finished", {}, [false, false, false]],
    ["cancelled", CANCELLED, [false, false, true]],
    ["failed", { faults: [strike("lose", completed(3)), crash(completed(4))] }, [false, true, true]],
  ] as const)("a job that has %s leaves checkpoints or not, by the retention", (how, world, kept) => {
    const options: Record<string, string> = how === "failed" ? { "restart-strategy.type": "none" } : {};
    const left = RETENTION.map((retention) => {
      const outcome = run({ ...options, "execution.checkpointing.externalized-checkpoint-retention": retention }, world);
      return filesOf(outcome).length > 0;
    });
    expect(left).toEqual(kept);
  });

  it("tables of the log-structured backend are shared, and go when no checkpoint refers to them", () => {
    const options = {
      "state.backend.type": "rocksdb",
      "execution.checkpointing.incremental": "true",
      "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    };
    const files = filesOf(run(options, CANCELLED));
    expect(files.some(({ path }) => path.includes("/shared/"))).toBe(true);
    expect(filesOf(run(options))).toEqual([]);
  });
});

describe("CKP-9 faults of the checkpoint storage", () => {
  it("a full disk fails the job when no failed checkpoint is tolerated, and says why", () => {
    const outcome = run({ "restart-strategy.type": "none" }, { faults: [strike("full", { kind: "atMs", atMs: 1200 })] });
    expect(outcome).toMatchObject({ status: "failed", failure: { code: "JOB_CHECKPOINT_FAILED" } });
    expect(outcome.failure?.message).toMatch(/tolerable failure threshold.*Asynchronous task checkpoint failed.*No space left on device/);
  });

  it("a full disk that is cleared in time only delays what is committed", () => {
    const faults = [strike("full", { kind: "atMs", atMs: 1200 }), strike("free", { kind: "atMs", atMs: 2900 })];
    const outcome = run({ "execution.checkpointing.tolerable-failed-checkpoints": "100" }, { faults });
    expect(outcome.restarts).toBe(0);
    expect(outcome.metrics.job["numberOfFailedCheckpoints"]).toBeGreaterThan(1);
    expect(contents(outcome)).toEqual(EXPECTED);
  });

  it("a disk that is too small fails when the metadata do not fit any more", () => {
    const outcome = run({ "restart-strategy.type": "none" }, { systems: [{ ...DISK, capacityBytes: 10 } as CheckpointDiskDescription] });
    expect(outcome.failure?.message).toContain("No space left on device");
  });

  it("a slow disk makes checkpoints slow", () => {
    const duration = (outcome: RunOutcome) => Number(outcome.metrics.job["lastCheckpointDuration"]);
    const slow = run({}, { faults: [strike("slow", { kind: "atMs", atMs: 100 }, { factor: 100 })] });
    expect(duration(slow)).toBeGreaterThan(duration(run({})) * 5);
    expect(contents(slow)).toEqual(EXPECTED);
  });

  it.each([
    ["lose", "does not exist"],
    ["damage", "corrupted"],
  ])("%s the files of the latest checkpoint: the restore fails and names the file", (what, says) => {
    const faults = [strike(what, completed(3)), crash(completed(3))];
    const options = { "restart-strategy.type": "fixed-delay", "restart-strategy.fixed-delay.attempts": "3" };
    const outcome = run(options, { faults });
    expect(outcome).toMatchObject({ status: "failed", restarts: 3, failure: { code: "JOB_STATE_RESTORE_FAILED" } });
    expect(outcome.failure?.message).toMatch(/Could not restore the state of .* from any of the 1 provided restore options/);
    expect(outcome.failure?.message).toMatch(new RegExp(`job-1/chk-3/[0-9a-f-]+ .*${says}`));
  });

  it("without a restart nobody needs the files", () => {
    expect(contents(run({}, { faults: [strike("lose", completed(3))] }))).toEqual(EXPECTED);
  });

  it("small state lies in the metadata, which the job manager has", () => {
    const options = { "execution.checkpointing.data-inline-threshold": "20 kb" };
    const outcome = run(options, { faults: [strike("lose", completed(3)), crash(completed(3))] });
    expect(outcome.restarts).toBe(1);
    expect(contents(outcome)).toEqual(EXPECTED);
  });
});

describe("CKP-8 what was in flight", () => {
  const storedFor = (subtasksPerChannelStateFile: number | undefined) => {
    const files = new CheckpointFiles();
    const storage = new FileCheckpointStorage(files, new Prng(1), { directory: "job", inlineBytes: 100, subtasksPerChannelStateFile });
    for (let subtask = 0; subtask < 7; subtask++) storage.store(1, { vertex: 0, subtask, snapshots: new Map(), inFlightBytes: 60 });
    storage.complete(1);
    return { files, storage, sizes: files.list().map(({ bytes }) => bytes) };
  };

  it("of several subtasks shares a file, and lies in the metadata while that would be small", () => {
    // 5 and 2 subtasks; the metadata have 64 bytes for each of the 7.
    expect(storedFor(undefined).sizes).toEqual([300, 120, 448]);
    expect(storedFor(2).sizes).toEqual([120, 120, 120, 508]);
    expect(storedFor(1).sizes).toEqual([868]);
  });

  it("fails every subtask that restores from a file that is gone, and no other", () => {
    const { files, storage } = storedFor(5);
    files.lose(files.list()[0].path);
    for (let subtask = 0; subtask < 5; subtask++) expect(() => storage.read(1, 0, subtask)).toThrow(/does not exist/);
    for (let subtask = 5; subtask < 7; subtask++) expect(() => storage.read(1, 0, subtask)).not.toThrow();
    storage.discard(1);
    expect(files.list()).toEqual([]);
  });
});
