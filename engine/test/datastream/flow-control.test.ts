import { describe, expect, it } from "vitest";
import {
  datastreamProgram,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../src/index.ts";
import { type RunOutcome, runWorld, type SubtaskMetrics } from "../../src/sim.ts";
import { type Row, type TestWorld, worldOf } from "./run-job.ts";

interface Order {
  readonly id: number;
}

/** A backlog that no world of these tests gets through. */
const ORDERS: Row[] = Array.from({ length: 20_000 }, (_, id): Row => [0, { id }]);

/** read → parse → enrich → out, every arrow a channel. */
function pipeline(world: TestWorld): RunOutcome {
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.disableOperatorChaining();
    env
      .fromSource(KafkaSource.builder<Order>().setTopics("orders").build(), WatermarkStrategy.noWatermarks<Order>(), "orders")
      .map((order) => order)
      .name("parse")
      .keyBy((order) => order.id)
      .map((order) => order)
      .name("enrich")
      .sinkTo(KafkaSink.builder<Order>().setRecordSerializer(json("out")).build())
      .name("out");
    env.execute("pipeline");
  });
  return runWorld(program, worldOf({ input: { orders: ORDERS }, end: { kind: "cancel", atMs: 10_000 }, ...world }), { record: true });
}

const names = ["orders", "parse", "enrich", "out"];
function taskOf(outcome: RunOutcome, name: string): SubtaskMetrics["task"] {
  const found = outcome.metrics.subtasks[names.indexOf(name)];
  expect(found.name).toContain(name);
  return found.task;
}
const load = (outcome: RunOutcome, what: string) => names.map((name) => taskOf(outcome, name)[what]);

describe("FLOW-1 backpressure travels upstream", () => {
  // A record takes 10 ms in the sink and 10 µs anywhere else.
  const outcome = pipeline({ costsUs: { out: 10_000 } });

  it("only the culprit is busy; everybody before it is backpressured", () => {
    const [, , , busyOut] = load(outcome, "busyTimeMsPerSecond") as number[];
    expect(busyOut).toBeGreaterThan(950);
    for (const name of ["orders", "parse", "enrich"]) {
      const task = taskOf(outcome, name);
      expect(task["backPressuredTimeMsPerSecond"], name).toBeGreaterThan(950);
      expect(task["busyTimeMsPerSecond"], name).toBeLessThan(50);
      expect(task["isBackPressured"], name).toBe(true);
    }
    expect(taskOf(outcome, "out")).toMatchObject({ backPressuredTimeMsPerSecond: 0, isBackPressured: false });
  });

  it("the buffers show it: full pools before the culprit, full queues up to it", () => {
    for (const name of ["orders", "parse", "enrich"]) expect(taskOf(outcome, name)["outPoolUsage"], name).toBeGreaterThan(0.5);
    for (const name of ["parse", "enrich", "out"]) {
      expect(taskOf(outcome, name), name).toMatchObject({ inPoolUsage: 1, inputQueueLength: 32, availableCredits: 0 });
    }
  });

  it("the source stops reading: it is a few channels ahead of the sink, not a backlog", () => {
    const read = taskOf(outcome, "orders")["numRecordsIn"] as number;
    const written = taskOf(outcome, "out")["numRecordsIn"] as number;
    expect(written).toBeGreaterThan(990);
    expect(read - written).toBeLessThanOrEqual(3 * 64 + 16);
    const [reader] = outcome.metrics.subtasks[0].operators;
    expect(reader.metrics["pendingRecords"]).toBe(ORDERS.length - read);
  });

  it("the times add up to the time that has passed", () => {
    for (const name of names) {
      const task = taskOf(outcome, name);
      const sum = ["Busy", "Idle", "BackPressured"].reduce((all, kind) => all + (task[`accumulate${kind}TimeMs`] as number), 0);
      expect(Math.abs(sum - 10_000), name).toBeLessThanOrEqual(2);
    }
  });

  it("a recording tells the load of every second", () => {
    const samples = outcome.recording?.samples ?? [];
    expect(samples.length).toBeGreaterThanOrEqual(9);
    const later = samples.filter(({ t }) => t >= 2000);
    for (const [index, { t, subtasks }] of later.entries()) {
      if (index === 0) continue;
      const before = later[index - 1];
      const waited = subtasks.map(
        ({ backPressuredMs }, task) => (backPressuredMs - before.subtasks[task].backPressuredMs) / (t - before.t),
      );
      expect(waited.map((share) => Math.round(share))).toEqual([1, 1, 1, 0]);
    }
    const times = samples.map(({ subtasks }) => subtasks[3].busyMs);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });
});

describe("FLOW-2 channels are bounded", () => {
  it("by what the cluster says", () => {
    const ahead = (channelCapacity: number) => {
      const outcome = pipeline({
        costsUs: { out: 10_000 },
        cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 1, channelCapacity },
      });
      return (taskOf(outcome, "orders")["numRecordsIn"] as number) - (taskOf(outcome, "out")["numRecordsIn"] as number);
    };
    expect(ahead(4)).toBeLessThanOrEqual(3 * 4 + 16);
    expect(ahead(512)).toBeGreaterThan(3 * 256);
  });

  it("a fast pipeline is idle, not backpressured, and its buffers are empty", () => {
    const rows: Row[] = Array.from({ length: 100 }, (_, id): Row => [id * 100, { id }]);
    const outcome = pipeline({ input: { orders: rows } });
    for (const name of names) {
      expect(taskOf(outcome, name), name).toMatchObject({ backPressuredTimeMsPerSecond: 0, isBackPressured: false });
      expect(taskOf(outcome, name)["idleTimeMsPerSecond"], name).toBeGreaterThan(990);
    }
    expect(taskOf(outcome, "out")).toMatchObject({ inPoolUsage: 0, inputQueueLength: 0 });
  });

  it("the culprit in the middle: what comes after it is idle", () => {
    const outcome = pipeline({ costsUs: { parse: 5_000 } });
    expect(taskOf(outcome, "parse")["busyTimeMsPerSecond"]).toBeGreaterThan(950);
    expect(taskOf(outcome, "orders")["backPressuredTimeMsPerSecond"]).toBeGreaterThan(950);
    for (const name of ["enrich", "out"]) expect(taskOf(outcome, name)["idleTimeMsPerSecond"], name).toBeGreaterThan(950);
  });
});

describe("WM-11 idleness under backpressure", () => {
  /** A slow sink holds the source for seconds at a time; between its records nobody asks the source for anything. */
  const run = (costUs: number, middle: boolean) => {
    const program = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.disableOperatorChaining();
      const strategy = WatermarkStrategy.forMonotonousTimestamps<Order>()
        .withTimestampAssigner((order) => order.id)
        .withIdleness(Duration.ofMillis(300));
      const source = env.fromSource(
        KafkaSource.builder<Order>().setTopics("orders").build(),
        middle ? WatermarkStrategy.noWatermarks<Order>() : strategy,
        "orders",
      );
      (middle ? source.assignTimestampsAndWatermarks(strategy) : source).print().name("out");
      env.execute("slow");
    });
    const rows: Row[] = Array.from({ length: 60 }, (_, id): Row => [0, { id }]);
    const cluster = { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1, channelCapacity: 8 };
    const outcome = runWorld(program, worldOf({ input: { orders: rows }, cluster, costsUs: { out: costUs } }), { record: true });
    expect(outcome.printed).toHaveLength(60);
    const idle = (outcome.recording?.events ?? []).filter((event) => event.kind === "idle" && event.idle && event.t < (costUs * 40) / 1000);
    return idle.length;
  };

  it("a source that is not asked is not idle", () => {
    // Half a channel, four records, takes two seconds.
    expect(run(500_000, false)).toBe(0);
  });

  it("nor is an operator that makes watermarks in the middle of the job", () => {
    expect(run(500_000, true)).toBe(0);
  });
});
