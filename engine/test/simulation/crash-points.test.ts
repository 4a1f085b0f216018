/**
 * The pipeline of the interview guide's section 6 (Kafka → Flink → Kafka, exactly once), crashed at every step that it takes; then with each
 * of the three conditions of exactly-once taken away.
 */
import { describe, expect, it, vi } from "vitest";
import {
  datastreamProgram,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  SimpleStringSchema,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../src/index.ts";
import {
  type CrashPointReport,
  crashPoints,
  CrashPointsImpossible,
  isExactlyOnce,
  type MissingCondition,
  type World,
} from "../../src/sim.ts";
import { worldOf } from "../datastream/run-job.ts";

vi.setConfig({ testTimeout: 120_000 });

const PIPELINE = datastreamProgram(() => {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.enableCheckpointing(1000);
  const input = env.fromSource(
    KafkaSource.builder<string>().setTopics("in").setValueOnlyDeserializer(new SimpleStringSchema()).build(),
    WatermarkStrategy.noWatermarks(),
    "in",
  );
  const mapped = input.rebalance().map((text) => text.toUpperCase());
  mapped.sinkTo(
    KafkaSink.builder<string>()
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<string>().setTopic("out").setValueSerializationSchema(new SimpleStringSchema()).build(),
      )
      .setDeliveryGuarantee("EXACTLY_ONCE")
      .setTransactionalIdPrefix("flink-eos-job-")
      .build(),
  );
  env.execute("eos-pipeline");
});

/** Two of everything. One connection is slow, so that barriers come at different times and there is something to align. */
const WORLD: World = worldOf({
  input: { in: Array.from({ length: 48 }, (_, n) => [(n + 1) * 65, `r${n}`, n % 2] as const) },
  partitions: 2,
  cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 },
  faults: [{ kind: "slowConnection", from: 1, to: 0, latencyMs: 300, forMs: 3_600_000, when: { kind: "atMs", atMs: 0 } }],
});

const report = (missing: MissingCondition): CrashPointReport => crashPoints(PIPELINE, WORLD, { missing });

describe("with all three conditions", () => {
  const { results, expectedRecords, leftOut } = report("none");

  it("SIM-9: every step is there, before and after, for each subtask", () => {
    expect(leftOut).toBe(0);
    expect(expectedRecords).toBe(48);
    const steps = new Set(results.map(({ point: { step, at } }) => `${at} ${step}`));
    const both = ["begin", "write", "barrier", "flush", "preCommit", "snapshot", "notify", "commit", "trigger", "ack", "complete"];
    expect([...steps].sort()).toEqual([...both.flatMap((step) => [`after ${step}`, `before ${step}`]), "after committed"].sort());
    for (const step of both) {
      const ofStep = results.map(({ point }) => point).filter((point) => point.step === step && point.checkpoint === 2);
      const places = new Set(ofStep.map(({ subtask, victim }) => (subtask === null ? victim : subtask)));
      const wanted = step === "trigger" || step === "complete" ? ["job manager", 0, 1] : [0, 1];
      expect([...places].sort(), step).toEqual([...wanted].sort());
    }
  });

  it("SIM-9: a reader of committed data gets each record once, wherever the job dies", () => {
    for (const { point, status, restarts, committed } of results) {
      expect({ point, status, exactlyOnce: isExactlyOnce(committed) }).toEqual({ point, status: "finished", exactlyOnce: true });
      // A process that dies when all is done takes nothing along.
      expect(restarts).toBeLessThanOrEqual(1);
    }
    expect(results.filter(({ restarts }) => restarts === 1).length).toBeGreaterThan(results.length * 0.9);
  });

  it("SIM-9: without the third, isolation.level=read_committed, it sees what was never committed", () => {
    const wrong = results.filter(({ uncommitted }) => !isExactlyOnce(uncommitted));
    expect(wrong.length).toBeGreaterThan(results.length / 4);
    for (const { uncommitted } of wrong) expect(uncommitted).toMatchObject({ lost: 0 });
    expect(wrong.every(({ uncommitted }) => uncommitted.uncommittedReads > 0)).toBe(true);
  });
});

describe("without one of them", () => {
  it.each(["checkpointing mode", "transactions"] as const)("SIM-9: without %s records come twice, and none is lost", (missing) => {
    const { results } = report(missing);
    expect(results.every(({ status, committed }) => status === "finished" && committed.lost === 0)).toBe(true);
    const doubled = results.filter(({ committed }) => committed.duplicates > 0);
    expect(doubled.length).toBeGreaterThan(5);
    // Nothing to repeat before the first record and after the last checkpoint.
    expect(doubled.length).toBeLessThan(results.length);
  });

  it("SIM-9: without any guarantee records come twice as well", () => {
    expect(report("any guarantee").results.some(({ committed }) => committed.duplicates > 0)).toBe(true);
  });
});

describe("crashPoints", () => {
  it("says how many points it has left out", () => {
    const { results, leftOut } = crashPoints(PIPELINE, WORLD, { maxRuns: 10 });
    expect(results).toHaveLength(10);
    expect(leftOut).toBeGreaterThan(100);
  });

  it("refuses a job that does not finish by itself", () => {
    const world: World = { ...WORLD, limits: { ...WORLD.limits, maxSteps: 10 } };
    expect(() => crashPoints(PIPELINE, world)).toThrow(CrashPointsImpossible);
  });
});
