import { describe, expect, it } from "vitest";
import {
  Configuration,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  RichMapFunction,
  type StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../src/index.ts";
import { Prng } from "../../src/base/prng.ts";
import type { Fault, FaultTrigger, RunOutcome } from "../../src/sim.ts";
import { committed, runJob, sorted, type TestWorld } from "../datastream/run-job.ts";

const CLICKS = Array.from({ length: 60 }, (_, n) => ({ user: `u${n % 5}`, n }));

const WORLD: TestWorld = {
  partitions: 3,
  input: { clicks: CLICKS.map((click) => [click.n * 60, click, click.n % 3] as const) },
  cluster: { taskManagers: 3, slotsPerTaskManager: 1, parallelism: 3 },
};

/** Subtask and attempt of every map that was opened. */
let opened: string[] = [];

class Doubled extends RichMapFunction<{ n: number }, number> {
  override open(): void {
    const { getIndexOfThisSubtask, getAttemptNumber } = this.getRuntimeContext().getTaskInfo();
    opened.push(`${getIndexOfThisSubtask()}#${getAttemptNumber()}`);
  }

  override map({ n }: { n: number }): number {
    return n * 2;
  }
}

/** Three pipelines that never meet. */
function job(options: Readonly<Record<string, string>> = {}, exchange = false) {
  return (env: StreamExecutionEnvironment) => {
    env.configure(Configuration.fromMap(options));
    env.enableCheckpointing(400);
    const source = KafkaSource.builder<{ n: number }>()
      .setTopics("clicks")
      .setValueOnlyDeserializer((value) => value as { n: number })
      .build();
    const stream = env.fromSource(source, WatermarkStrategy.noWatermarks(), "clicks");
    (exchange ? stream.rebalance() : stream)
      .map(new Doubled())
      .disableChaining()
      .sinkTo(
        KafkaSink.builder<number>()
          .setRecordSerializer(
            KafkaRecordSerializationSchema.builder<number>()
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

function run(faults: readonly Fault[], options: Readonly<Record<string, string>> = {}, more: TestWorld = {}, exchange = false): RunOutcome {
  opened = [];
  return runJob(job(options, exchange), { ...WORLD, ...more, faults });
}

const crash = (taskManager: number, when: FaultTrigger): Fault => ({ kind: "crashTaskManager", taskManager, when });
const EXPECTED = sorted(CLICKS.map(({ n }) => n * 2));

describe("REC-6 failover regions", () => {
  it("a pipeline that fails is restarted alone", () => {
    const outcome = run([crash(1, { kind: "atMs", atMs: 1500 })]);
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(opened.toSorted()).toEqual(["0#0", "1#0", "1#1", "2#0"]);
    expect(sorted(committed(outcome))).toEqual(EXPECTED);
  });

  it("with the strategy full, everything is", () => {
    const outcome = run([crash(1, { kind: "atMs", atMs: 1500 })], { "jobmanager.execution.failover-strategy": "full" });
    expect(opened.toSorted()).toEqual(["0#0", "0#1", "1#0", "1#1", "2#0", "2#1"]);
    expect(sorted(committed(outcome))).toEqual(EXPECTED);
  });

  it("an exchange between all subtasks makes the job one region", () => {
    run([crash(1, { kind: "atMs", atMs: 1500 })], {}, {}, true);
    expect(opened).toHaveLength(6);
  });

  it("before the first checkpoint the reader gets its splits again", () => {
    const outcome = run([crash(2, { kind: "atMs", atMs: 30 })]);
    expect(outcome.restarts).toBe(1);
    expect(sorted(committed(outcome))).toEqual(EXPECTED);
  });

  it("two regions can be down at a time", () => {
    const outcome = run([crash(0, { kind: "atMs", atMs: 1500 }), crash(2, { kind: "atMs", atMs: 1900 })]);
    expect(opened.toSorted()).toEqual(["0#0", "0#1", "1#0", "2#0", "2#1"]);
    expect(sorted(committed(outcome))).toEqual(EXPECTED);
  });

  it("a region that is down when the job manager is lost comes back with all others", () => {
    const lost: Fault = { kind: "crashJobManager", when: { kind: "atMs", atMs: 1900 } };
    const outcome = run([crash(0, { kind: "atMs", atMs: 1500 }), lost]);
    expect(sorted(committed(outcome))).toEqual(EXPECTED);
  });

  it("neither loses nor doubles, whatever strikes", () => {
    const steps = ["begin", "write", "flush", "barrier", "snapshot", "ack", "complete", "notify", "commit"] as const;
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Prng(seed).fork("faults");
      const faults = Array.from({ length: 1 + random.nextInt(4) }, (): Fault => {
        const taskManager = random.nextInt(3);
        if (random.nextInt(2) === 0) return crash(taskManager, { kind: "atMs", atMs: random.nextInt(6000) });
        const step = steps[random.nextInt(steps.length)];
        const at = random.nextInt(2) === 0 ? "before" : "after";
        return crash(taskManager, { kind: "step", step, at, checkpoint: 1 + random.nextInt(8), occurrence: 1 + random.nextInt(3) });
      });
      const outcome = run(faults, {}, { seed });
      expect(sorted(committed(outcome)), `seed ${seed}`).toEqual(EXPECTED);
    }
  });
});
