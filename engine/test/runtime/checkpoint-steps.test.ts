import { describe, expect, it } from "vitest";
import {
  DeliveryGuarantee,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  ProcessFunction,
  type RecordCollector,
  type StreamExecutionEnvironment,
  TwoPhaseCommitSinkFunction,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { Fault, RunOutcome, StepPoint } from "../../src/sim.ts";
import { committed, runJob, sorted, type TestWorld } from "../datastream/run-job.ts";

interface Click {
  readonly user: string;
  readonly at: number;
}

const CLICKS = Array.from({ length: 30 }, (_, at) => ({ user: "abc"[at % 3], at }));

/** The interview's pipeline: log, keyed work, transactions in the log. */
function pipeline(env: StreamExecutionEnvironment): void {
  env.enableCheckpointing(1000);
  const source = KafkaSource.builder<Click>()
    .setTopics("clicks")
    .setValueOnlyDeserializer((value) => value as Click)
    .build();
  env
    .fromSource(source, WatermarkStrategy.noWatermarks(), "clicks")
    .keyBy((click) => click.user)
    .map((click) => `${click.user}${click.at}`)
    .sinkTo(
      KafkaSink.builder<string>()
        .setRecordSerializer(
          KafkaRecordSerializationSchema.builder<string>()
            .setTopic("out")
            .setValueSerializationSchema((value) => value)
            .build(),
        )
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("job")
        .build(),
    );
}

const WORLD: TestWorld = {
  partitions: 2,
  input: { clicks: CLICKS.map((click) => [click.at * 100, click, click.at % 2] as const) },
  cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 },
};

const EXPECTED = sorted(CLICKS.map(({ user, at }) => `${user}${at}`));

function textOf({ step, at, checkpoint, v, s }: StepPoint): string {
  return `${at} ${step} ${checkpoint}${v === null ? "" : ` ${v}/${s}`}`;
}

/** The points of one checkpoint in a run in which nothing breaks, each once. */
function pointsOf(job: (env: StreamExecutionEnvironment) => void, checkpoint: number): StepPoint[] {
  const points = new Map<string, StepPoint>();
  runJob(job, WORLD, { onStep: (point) => point.checkpoint === checkpoint && points.set(textOf(point), point) });
  return [...points.values()];
}

function strikeAt({ step, at, checkpoint, v, s }: StepPoint, crash: "task manager" | "job manager"): Fault {
  const place = v === null || s === null ? {} : { vertex: v, subtask: s };
  const when = { kind: "step", step, at, checkpoint, ...place } as const;
  return crash === "job manager" ? { kind: "crashJobManager", when } : { kind: "crashTaskManager", taskManager: s ?? 0, when };
}

describe("steps of a checkpoint", () => {
  it("come in order, each before and after", () => {
    const points = pointsOf(pipeline, 2);
    const first = (step: string, at: string) => points.findIndex((point) => point.step === step && point.at === at);
    const order = [
      ["begin", "before"],
      ["begin", "after"],
      ["write", "before"],
      ["write", "after"],
      ["trigger", "before"],
      ["trigger", "after"],
      ["barrier", "before"],
      ["barrier", "after"],
      ["snapshot", "before"],
      ["snapshot", "after"],
      ["ack", "before"],
      ["ack", "after"],
      ["complete", "before"],
      ["complete", "after"],
      ["notify", "before"],
      ["commit", "before"],
      ["commit", "after"],
      ["committed", "after"],
    ].map(([step, at]) => first(step, at));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const sink = points.filter(({ v, s }) => v === 1 && s === 0).map(({ step, at }) => `${at} ${step}`);
    expect(sink.slice(sink.indexOf("before flush"))).toEqual([
      ...["before flush", "after flush", "before preCommit", "after preCommit", "before barrier", "after barrier"],
      ...["before snapshot", "after snapshot", "before ack", "after ack", "before notify", "before commit", "after commit", "after notify"],
    ]);
  });

  it("watching them changes nothing", () => {
    expect(runJob(pipeline, WORLD, { onStep: () => {} }).fingerprint).toBe(runJob(pipeline, WORLD).fingerprint);
  });

  it.each(["task manager", "job manager"] as const)("a %s that dies at any of them neither loses nor doubles", (crash) => {
    for (const point of pointsOf(pipeline, 2)) {
      const outcome = runJob(pipeline, { ...WORLD, faults: [strikeAt(point, crash)] });
      expect(outcome.restarts, textOf(point)).toBe(1);
      expect(sorted(committed(outcome)), textOf(point)).toEqual(EXPECTED);
    }
  });
});

describe("a task whose process dies in the middle of a step", () => {
  const at = (subtask: number): Fault => ({
    kind: "crashTaskManager",
    taskManager: subtask,
    when: { kind: "step", step: "write", at: "before", subtask, occurrence: 4 },
  });
  const written: string[] = [];

  class Table extends TwoPhaseCommitSinkFunction<string, string> {
    protected override beginTransaction(): string {
      return `t${written.length}`;
    }
    protected override invoke(_transaction: string, value: string): void {
      written.push(`${this.getRuntimeContext().getTaskInfo().getAttemptNumber()} ${value}`);
    }
    protected override preCommit(): void {}
    protected override commit(): void {}
    protected override abort(): void {}
  }

  class Stubborn extends ProcessFunction<Click, string> {
    override processElement(click: Click, _context: unknown, out: RecordCollector<string>): void {
      for (let tries = 0; tries < 3; tries++) {
        try {
          out.collect(`${click.at}.${tries}`);
        } catch {
          // It carries on as if nothing had happened.
        }
      }
    }
  }

  it("does nothing more, even when the program catches what stops it", () => {
    written.length = 0;
    const run = (faults: readonly Fault[]): RunOutcome =>
      runJob(
        (env) => {
          env.enableCheckpointing(100_000).setParallelism(1);
          const source = KafkaSource.builder<Click>()
            .setTopics("clicks")
            .setValueOnlyDeserializer((value) => value as Click)
            .build();
          env
            .fromSource(source, WatermarkStrategy.noWatermarks(), "clicks")
            .process(new Stubborn())
            .addSink(new Table(undefined, undefined));
        },
        { ...WORLD, faults },
      );
    const outcome = run([at(0)]);
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(written.filter((text) => text.startsWith("0 "))).toEqual(["0 0.0", "0 0.1", "0 0.2"]);
    expect(written.filter((text) => text.startsWith("1 "))).toHaveLength(90);
  });

  it("a job manager that dies then lets the tasks finish their step", () => {
    const steps: string[] = [];
    const fault: Fault = { kind: "crashJobManager", when: { kind: "step", step: "flush", at: "before", checkpoint: 2, subtask: 0 } };
    const onStep = (point: StepPoint) => point.s === 0 && point.v === 1 && point.checkpoint === 2 && steps.push(textOf(point));
    runJob(pipeline, { ...WORLD, faults: [fault] }, { onStep });
    const from = steps.indexOf("before flush 2 1/0");
    expect(steps.slice(from, from + 8)).toContain("after snapshot 2 1/0");
  });
});
