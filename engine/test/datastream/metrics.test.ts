import { describe, expect, it } from "vitest";
import {
  AbstractRichFunction,
  type Collector,
  type Counter,
  DescriptiveStatisticsHistogram,
  DiscardingSink,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  type MapFunction,
  type Meter,
  MeterView,
  OutputTag,
  ProcessFunction,
  type ProcessContext,
  type StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { RunOutcome } from "../../src/sim.ts";
import { type Row, runJob, type TestWorld } from "./run-job.ts";

interface Click {
  readonly user: string;
  readonly at: number;
}

const CLICKS: Row[] = Array.from({ length: 100 }, (_, n): Row => [n * 100, { user: `u${n % 3}`, at: n * 100 }]);
const clicks = (env: StreamExecutionEnvironment) =>
  env.fromSource(
    KafkaSource.builder<Click>().setTopics("clicks").build(),
    WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.at),
    "clicks",
  );

function operatorOf(outcome: RunOutcome, name: string, subtask = 0) {
  const found = outcome.metrics.subtasks
    .filter((task) => task.subtask === subtask)
    .flatMap(({ operators }) => operators)
    .find((operator) => operator.name === name);
  if (found === undefined) throw new Error(`no operator "${name}" in ${JSON.stringify(outcome.metrics)}`);
  return found.metrics;
}

class Measuring extends AbstractRichFunction implements MapFunction<Click, Click> {
  private clicks!: Counter;
  private rate!: Meter;
  private readonly sizes = new DescriptiveStatisticsHistogram(1000);
  private last = "";

  override open(): void {
    const group = this.getRuntimeContext().getMetricGroup();
    this.clicks = group.addGroup("shop").counter("clicks");
    this.rate = group.meter("clickRate", new MeterView(60));
    group.histogram("userLength", this.sizes);
    group.addGroup("region", "eu").gauge("lastUser", () => this.last);
    group.gauge("broken", () => {
      throw new Error("no value");
    });
    // The name is taken: this one works and stays unseen.
    group.addGroup("shop").counter("clicks").inc(1000);
  }

  map(click: Click): Click {
    this.clicks.inc();
    this.rate.markEvent();
    this.sizes.update(click.user.length);
    this.last = click.user;
    return click;
  }
}

describe("MET-1 metrics of the user's own", () => {
  it("counters, gauges, meters and histograms, in groups, are read at the end", () => {
    const outcome = runJob((env) => clicks(env).map(new Measuring()).name("measure").print(), { input: { clicks: CLICKS } });
    expect(operatorOf(outcome, "measure")).toMatchObject({
      "shop.clicks": 100,
      clickRate: { count: 100 },
      userLength: { count: 100, min: 2, max: 2, mean: 2, p99: 2 },
      "region.eu.lastUser": "u0",
      broken: "failed: Error: no value",
    });
    const { rate } = operatorOf(outcome, "measure")["clickRate"] as { rate: number };
    // 100 clicks in 9.9 seconds.
    expect(rate).toBeGreaterThan(9.5);
    expect(rate).toBeLessThan(10.5);
    expect(outcome.counters["shop.clicks"]).toBe(100);
  });

  it("a meter forgets what is more than its span ago", () => {
    const rows: Row[] = [...CLICKS, [200_000, { user: "late", at: 200_000 }]];
    const outcome = runJob((env) => clicks(env).map(new Measuring()).name("measure").print(), { input: { clicks: rows } });
    expect(operatorOf(outcome, "measure")["clickRate"]).toEqual({ count: 101, rate: expect.closeTo(1 / 60, 2) });
  });

  it("begin anew with a new attempt, while the outcome's counters add up all attempts", () => {
    const world: TestWorld = {
      input: { clicks: CLICKS },
      faults: [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: 5_050 } }],
    };
    const outcome = runJob((env) => {
      env.enableCheckpointing(100_000);
      clicks(env).map(new Measuring()).name("measure").print();
    }, world);
    expect(outcome.restarts).toBe(1);
    expect(outcome.metrics.subtasks[0].attempt).toBe(1);
    expect(operatorOf(outcome, "measure")["shop.clicks"]).toBe(100);
    expect(outcome.counters["shop.clicks"]).toBe(151);
  });
});

describe("MET-2 metrics of the system", () => {
  const split = new OutputTag<Click>("split");
  class Split extends ProcessFunction<Click, Click> {
    processElement(click: Click, ctx: ProcessContext, out: Collector<Click>): void {
      if (click.user === "u0") ctx.output(split, click);
      else out.collect(click);
    }
  }
  it("records in and out as Flink 2.3 counts them (asked of a mini cluster)", () => {
    const nobody = new OutputTag<number>("nobody");
    const sideTag = new OutputTag<number>("side");
    class Split4 extends ProcessFunction<number, number> {
      processElement(n: number, ctx: ProcessContext, out: Collector<number>): void {
        if (n % 4 === 0) ctx.output(sideTag, n);
        else if (n % 4 === 1) ctx.output(nobody, n);
        else out.collect(n);
      }
    }
    const same = (n: number) => n;
    const outcome = runJob((env) => {
      const split = env
        .fromSequence(1, 100)
        .flatMap((n: number, out: Collector<number>) => {
          out.collect(n);
          out.collect(n);
        })
        .name("twice")
        .process(new Split4())
        .name("split");
      split.getSideOutput(sideTag).rebalance().map(same).name("side1").sinkTo(new DiscardingSink<number>());
      split.getSideOutput(sideTag).map(same).name("side2").sinkTo(new DiscardingSink<number>());
      split.map(same).name("m1").sinkTo(new DiscardingSink<number>());
      split.map(same).name("m2").sinkTo(new DiscardingSink<number>());
      split.rebalance().map(same).name("m3").sinkTo(new DiscardingSink<number>());
      split.broadcast().map(same).name("m4").setParallelism(2).sinkTo(new DiscardingSink<number>()).setParallelism(2);
    }, {});
    const counts = (name: string, subtask = 0) => {
      const { numRecordsIn, numRecordsOut } = operatorOf(outcome, name, subtask);
      return [numRecordsIn, numRecordsOut];
    };
    // The readers of sequences do not count what they read.
    expect(counts("Source: Sequence Source")).toEqual([0, 100]);
    expect(counts("twice")).toEqual([100, 200]);
    // The first operator chained behind it is the one of the side output.
    expect(counts("split")).toEqual([200, 50]);
    expect([counts("side1"), counts("side2")]).toEqual([
      [50, 50],
      [50, 50],
    ]);
    expect(["m1", "m2", "m3", "m4"].map((name) => counts(name))).toEqual(Array.from({ length: 4 }, () => [100, 100]));
    expect(counts("m4", 1)).toEqual([100, 100]);
    // Leaving the task: the side output over one edge, the main output over two, counted once.
    expect(outcome.metrics.subtasks[0].task).toMatchObject({ numRecordsIn: 0, numRecordsOut: 150 });
  });

  it("an operator with nothing chained behind it counts all that it gives out, also to nobody; a Kafka writer what it sends", () => {
    const outcome = runJob(
      (env) => {
        env.disableOperatorChaining();
        const out = KafkaSink.builder<Click>().setRecordSerializer(json("out")).build();
        clicks(env).process(new Split()).name("split").sinkTo(out).name("out");
      },
      { input: { clicks: CLICKS } },
    );
    expect(operatorOf(outcome, "split")).toMatchObject({ numRecordsIn: 100, numRecordsOut: 100 });
    const sent = outcome.metrics.subtasks.flatMap(({ operators }) => operators.map(({ metrics }) => metrics["numRecordsSend"]));
    expect(sent.filter((count) => count !== undefined)).toEqual([66]);
    expect(operatorOf(outcome, "Source: clicks")).toMatchObject({
      numRecordsIn: 100,
      numRecordsOut: 100,
      pendingRecords: 0,
      "KafkaSourceReader.topic.clicks.partition.0.currentOffset": 99,
      numRecordsInErrors: 0,
    });
    const [source] = outcome.metrics.subtasks;
    expect(source.task).toMatchObject({ numRecordsIn: 100, numRecordsOut: 100, isBackPressured: false, mailboxQueueSize: 0 });
  });

  it("watermarks, lags and late records", () => {
    const late: Row = [9_950, { user: "u1", at: 1 }];
    const outcome = runJob(
      (env) =>
        clicks(env)
          .keyBy((click) => click.user)
          .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
          .reduce((a) => a)
          .name("windows")
          .sinkTo(KafkaSink.builder<Click>().setRecordSerializer(json("out")).build()),
      { input: { clicks: [...CLICKS, late] }, end: { kind: "cancel", atMs: 11_000 } },
    );
    const windows = operatorOf(outcome, "windows");
    expect(windows).toMatchObject({ currentInputWatermark: 9899, currentOutputWatermark: 9899, numLateRecordsDropped: 1 });
    const source = operatorOf(outcome, "Source: clicks");
    expect(source).toMatchObject({ currentOutputWatermark: 9899, currentEmitEventTimeLag: expect.closeTo(9_949, -1) });
    // The last record came at 9,950.
    expect(source["sourceIdleTime"]).toBeGreaterThan(1_030);
    expect(source["sourceIdleTime"]).toBeLessThan(1_051);
    expect(source["watermarkLag"]).toBeGreaterThan(49);
  });

  it("both inputs of a two-input operator have their watermark", () => {
    const outcome = runJob(
      (env) =>
        clicks(env)
          .connect(clicks(env))
          .map({ map1: (click: Click) => click.user, map2: (click: Click) => click.user })
          .name("both")
          .print(),
      { input: { clicks: CLICKS }, end: { kind: "cancel", atMs: 10_500 } },
    );
    expect(operatorOf(outcome, "both")).toMatchObject({
      currentInput1Watermark: 9899,
      currentInput2Watermark: 9899,
      currentInputWatermark: 9899,
    });
  });

  it("checkpoints and restarts of the job", () => {
    const outcome = runJob(
      (env) => {
        env.enableCheckpointing(1000);
        clicks(env).rebalance().print();
      },
      { input: { clicks: CLICKS }, faults: [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: 5_050 } }] },
    );
    const { job } = outcome.metrics;
    expect(job).toMatchObject({ numRestarts: 1, fullRestarts: 1, numberOfInProgressCheckpoints: 0 });
    expect(job["numberOfCompletedCheckpoints"]).toBe(outcome.completedCheckpoints);
    expect(job["lastCompletedCheckpointId"]).toBeGreaterThanOrEqual(outcome.completedCheckpoints);
    expect(job["lastCheckpointRestoreTimestamp"]).toBeGreaterThan(5_050);
    expect(job["restartingTime"]).toBeGreaterThan(900);
    expect(job["lastCheckpointDuration"]).toBeGreaterThanOrEqual(0);
    const receiver = outcome.metrics.subtasks.find(({ vertex }) => vertex === 1);
    expect(receiver?.task["checkpointAlignmentTime"]).toBeGreaterThanOrEqual(0);
  });
});
