/** BATCH mode. What the rows of the first tests are was asked of Flink 2.3 with the same programs. */
import { describe, expect, it } from "vitest";
import {
  type Collector,
  type CommitRequest,
  Configuration,
  DeliveryGuarantee,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  KeyedCoProcessFunction,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  KeyedBroadcastProcessFunction,
  type KeyedBroadcastContext,
  type KeyedReadOnlyBroadcastContext,
  KeyedProcessFunction,
  MapStateDescriptor,
  type ProcessContext,
  ProcessFunction,
  RichMapFunction,
  type Sink,
  type StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  Tuple2,
  WatermarkStrategy,
  type WriterInitContext,
} from "../../src/index.ts";
import type { RunOptions, RunOutcome } from "../../src/sim.ts";
import { committed, runJob, sorted, type TestWorld } from "./run-job.ts";

type Pair = Tuple2<string, number>;

const WATERMARKS = WatermarkStrategy.forMonotonousTimestamps<Pair>().withTimestampAssigner(({ f1 }) => f1);
const pairs = (...all: readonly (readonly [string, number])[]): Pair[] => all.map(([key, number]) => Tuple2.of(key, number));
const keyOf = ({ f0 }: Pair) => f0;

function input(env: StreamExecutionEnvironment) {
  const values = pairs(["bb", 30], ["a", 20], ["bb", 10], ["a", 5], ["c", 1], ["é", 2], ["B", 2]);
  return env.fromData(values).assignTimestampsAndWatermarks(WATERMARKS);
}

function printedBy(describeJob: (env: StreamExecutionEnvironment) => void, world: TestWorld = {}): readonly string[] {
  const outcome = runJob((env) => describeJob(env.setRuntimeMode("BATCH")), { cluster: CLUSTER, ...world });
  if (outcome.status !== "finished") throw new Error(`ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return outcome.printed;
}

const CLUSTER = { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 };
const MIN = "-9223372036854776000";
const MAX = "9223372036854776000";

class Timers extends KeyedProcessFunction<string, Pair, string> {
  override processElement(value: Pair, context: KeyedProcessContext<string>, out: Collector<string>): void {
    const timers = context.timerService();
    out.collect(`el ${value} ts=${context.timestamp()} wm=${timers.currentWatermark()}`);
    timers.registerEventTimeTimer(value.f1 + 5);
    timers.registerProcessingTimeTimer(100);
  }

  override onTimer(timestampMs: number, context: KeyedOnTimerContext<string>, out: Collector<string>): void {
    const timers = context.timerService();
    out.collect(`timer ${context.getCurrentKey()} ${timestampMs} ${context.timeDomain()} wm=${timers.currentWatermark()}`);
    // Too late: the key has ended.
    timers.registerEventTimeTimer(timestampMs + 100);
  }
}

class Shown extends ProcessFunction<Pair, string> {
  override processElement(value: Pair, context: ProcessContext, out: Collector<string>): void {
    out.collect(`${value} ts=${context.timestamp()}`);
  }
}

class Sides extends KeyedCoProcessFunction<string, Pair, Pair, string> {
  override processElement1(value: Pair, _context: KeyedProcessContext<string>, out: Collector<string>): void {
    out.collect(`left ${value}`);
  }

  override processElement2(value: Pair, _context: KeyedProcessContext<string>, out: Collector<string>): void {
    out.collect(`right ${value}`);
  }
}

describe("keys in BATCH mode", () => {
  it("BAT-2 BAT-3: come one after the other, records by timestamp; timers fire at the end of their key", () => {
    expect(printedBy((env) => input(env).keyBy(keyOf).process(new Timers()).print())).toEqual([
      `el (é,2) ts=2 wm=${MIN}`,
      `timer é 7 EVENT_TIME wm=${MAX}`,
      `timer é 100 PROCESSING_TIME wm=${MAX}`,
      `el (B,2) ts=2 wm=${MIN}`,
      `timer B 7 EVENT_TIME wm=${MAX}`,
      `timer B 100 PROCESSING_TIME wm=${MAX}`,
      `el (a,5) ts=5 wm=${MIN}`,
      `el (a,20) ts=20 wm=${MIN}`,
      `timer a 10 EVENT_TIME wm=${MAX}`,
      `timer a 25 EVENT_TIME wm=${MAX}`,
      `timer a 100 PROCESSING_TIME wm=${MAX}`,
      `el (c,1) ts=1 wm=${MIN}`,
      `timer c 6 EVENT_TIME wm=${MAX}`,
      `timer c 100 PROCESSING_TIME wm=${MAX}`,
      `el (bb,10) ts=10 wm=${MIN}`,
      `el (bb,30) ts=30 wm=${MIN}`,
      `timer bb 15 EVENT_TIME wm=${MAX}`,
      `timer bb 35 EVENT_TIME wm=${MAX}`,
      `timer bb 100 PROCESSING_TIME wm=${MAX}`,
    ]);
  });

  it("BAT-4: a rolling aggregation tells its last value only", () => {
    expect(printedBy((env) => input(env).keyBy(keyOf).sum(1).process(new Shown()).print())).toEqual(
      ["(é,2)", "(B,2)", "(a,25)", "(c,1)", "(bb,40)"].map((value) => `${value} ts=${MAX}`),
    );
  });

  it("BAT-3: windows fire at the end of their key; nothing is late", () => {
    const windows = (env: StreamExecutionEnvironment) =>
      input(env)
        .keyBy(keyOf)
        .window(TumblingEventTimeWindows.of(Duration.ofMillis(15)))
        .sum(1)
        .process(new Shown())
        .print();
    expect(printedBy(windows)).toEqual([
      "(é,2) ts=14",
      "(B,2) ts=14",
      "(a,5) ts=14",
      "(a,20) ts=29",
      "(c,1) ts=14",
      "(bb,10) ts=14",
      "(bb,30) ts=44",
    ]);
  });

  it("BAT-2: two keyed inputs go through the keys together", () => {
    const both = (env: StreamExecutionEnvironment) => {
      const right = env.fromData(pairs(["zz", 4], ["a", 7], ["bb", 0], ["a", 3])).assignTimestampsAndWatermarks(WATERMARKS);
      input(env).keyBy(keyOf).connect(right.keyBy(keyOf)).process(new Sides()).print();
    };
    expect(printedBy(both)).toEqual([
      "left (é,2)",
      "left (B,2)",
      "right (a,3)",
      "left (a,5)",
      "right (a,7)",
      "left (a,20)",
      "left (c,1)",
      "right (bb,0)",
      "left (bb,10)",
      "left (bb,30)",
      "right (zz,4)",
    ]);
  });

  it("BAT-2: numbers in the order of their bytes", () => {
    const numbers = (env: StreamExecutionEnvironment) =>
      env
        .fromData(300, 1, 128, 2, -1, 256, 127)
        .keyBy((value) => value)
        .map((value) => value)
        .print();
    expect(printedBy(numbers)).toEqual(["-1", "128", "1", "2", "127", "256", "300"]);
  });

  it("BAT-2: what is broadcast is there before the first key", () => {
    class Rules extends KeyedBroadcastProcessFunction<string, Pair, number, string> {
      static readonly RULES = new MapStateDescriptor<number, number>("rules");
      override processElement(value: Pair, context: KeyedReadOnlyBroadcastContext<string>, out: Collector<string>): void {
        out.collect(`${value} ${[...context.getBroadcastState(Rules.RULES).immutableEntries()].length}`);
      }
      override processBroadcastElement(rule: number, context: KeyedBroadcastContext<string>): void {
        context.getBroadcastState(Rules.RULES).put(rule, rule);
      }
    }
    const job = (env: StreamExecutionEnvironment) => {
      const rules = env.fromData(1, 2, 3).broadcast(Rules.RULES);
      input(env).keyBy(keyOf).connect(rules).process(new Rules()).print();
    };
    expect(printedBy(job)).toEqual(["(é,2) 3", "(B,2) 3", "(a,5) 3", "(a,20) 3", "(c,1) 3", "(bb,10) 3", "(bb,30) 3"]);
  });
});

/** A job with several stages, in parallel, into a committing sink. */
function stages(env: StreamExecutionEnvironment, mode: "BATCH" | "STREAMING" | "AUTOMATIC"): void {
  env.setRuntimeMode(mode);
  env.enableCheckpointing(Duration.ofMillis(20));
  const numbers = env.fromSequence(1, 400);
  const timed = numbers
    .map((number) => Tuple2.of(`k${number % 17}`, number))
    .assignTimestampsAndWatermarks(WATERMARKS)
    .setParallelism(3);
  const windowed = timed
    .keyBy(keyOf)
    .window(TumblingEventTimeWindows.of(Duration.ofMillis(50)))
    .sum(1)
    .setParallelism(4);
  const joined = timed
    .rebalance()
    .filter(({ f1 }) => f1 % 3 === 0)
    .keyBy(keyOf)
    .window(TumblingEventTimeWindows.of(Duration.ofMillis(100)))
    .max(1)
    .setParallelism(2);
  const sink = KafkaSink.builder<Pair>()
    .setRecordSerializer(json<Pair>("out", keyOf))
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("batch")
    .build();
  windowed.union(joined).sinkTo(sink).setParallelism(2);
}

const RESTARTING = { "restart-strategy.type": "fixed-delay", "restart-strategy.fixed-delay.attempts": "20" };

function run(mode: "BATCH" | "STREAMING" | "AUTOMATIC", world: TestWorld = {}, options: RunOptions = {}): RunOutcome {
  return runJob(
    (env) => {
      env.configure(Configuration.fromMap(RESTARTING));
      stages(env, mode);
    },
    { cluster: CLUSTER, ...world },
    options,
  );
}

describe("a batch job", () => {
  it("BAT-1: commits what the streaming job commits, all of it at the end, without checkpoints", () => {
    const batch = run("BATCH");
    expect(sorted(committed(batch))).toEqual(sorted(committed(run("STREAMING"))));
    expect(batch.completedCheckpoints).toBe(0);
    const times = batch.topics[0].records.map(({ committedAtMs }) => committedAtMs as number);
    expect(times.length).toBeGreaterThan(100);
    const lastWrittenMs = Math.max(...batch.topics[0].records.map(({ appendedAtMs }) => appendedAtMs));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(lastWrittenMs);
    expect(sorted(committed(run("AUTOMATIC")))).toEqual(sorted(committed(batch)));
    expect(run("AUTOMATIC").completedCheckpoints).toBe(0);
  });

  it("BAT-1: vertices run one after the other, with slots of their own", () => {
    const names = run("BATCH").metrics.subtasks.map(({ name }) => name.split(" ")[0]);
    expect(new Set(names).size).toBeGreaterThan(4);
  });

  it("BAT-5: goes on from the results that are kept; those of a lost task manager are made again", () => {
    const quiet = sorted(committed(run("BATCH")));
    let restarts = 0;
    for (let atMs = 1; atMs <= 12; atMs++) {
      const faults = [
        { kind: "crashTaskManager", taskManager: atMs % 2, when: { kind: "atMs", atMs } },
        { kind: "crashTaskManager", taskManager: 0, when: { kind: "afterRecords", records: 40 * atMs } },
        ...(atMs % 4 === 0 ? [{ kind: "crashJobManager", when: { kind: "atMs", atMs: 2 * atMs } } as const] : []),
      ] as const;
      const crashed = run("BATCH", { faults });
      restarts += crashed.restarts;
      expect(sorted(committed(crashed)), `crash at ${atMs} ms`).toEqual(quiet);
    }
    expect(restarts).toBeGreaterThan(12);
  });

  it("BAT-5: a stage that fails is restarted by itself; without a restart strategy nothing is", () => {
    const seen: number[] = [];
    class Fails extends RichMapFunction<Pair, Pair> {
      map(value: Pair): Pair {
        if (this.getRuntimeContext().getTaskInfo().getAttemptNumber() === 0 && value.f0 === "bb") throw new Error("first attempt");
        return value;
      }
    }
    const job = (restarts: boolean) => (env: StreamExecutionEnvironment) => {
      env.setRuntimeMode("BATCH").enableCheckpointing(Duration.ofMillis(10));
      if (restarts) env.configure(Configuration.fromMap(RESTARTING));
      const counted = input(env).map((value) => {
        seen.push(value.f1);
        return value;
      });
      counted.keyBy(keyOf).map(new Fails()).print();
    };
    const failed = runJob(job(false), { cluster: CLUSTER });
    expect(failed).toMatchObject({ status: "failed", restarts: 0, failure: { message: "first attempt" } });
    seen.length = 0;
    const outcome = runJob(job(true), { cluster: CLUSTER });
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(seen).toHaveLength(7);
  });

  it("BAT-7: a committer that fails half-way is given the same committables again, and repeats nothing", () => {
    const published: string[] = [];
    const asked: string[][] = [];
    let failures = 2;
    /** Each number is a file of its own, whose name tells who wrote it in which attempt. */
    const sink: Sink<number, string> = {
      createWriter(context: WriterInitContext) {
        const { getIndexOfThisSubtask, getAttemptNumber } = context.getTaskInfo();
        const files: string[] = [];
        return {
          write: (value: number) => {
            files.push(`${getIndexOfThisSubtask()}#${getAttemptNumber()}/${value}`);
          },
          flush: () => {},
          prepareCommit: () => files.splice(0),
          close: () => {},
        };
      },
      createCommitter: () => ({
        commit(requests: readonly CommitRequest<string>[]) {
          asked.push(requests.map((request) => request.getCommittable()));
          for (const [index, request] of requests.entries()) {
            const file = request.getCommittable();
            if (published.includes(file)) request.signalAlreadyCommitted();
            else published.push(file);
            if (index === 1 && failures-- > 0) throw new Error("half-way");
          }
        },
        close: () => {},
      }),
    };
    const outcome = runJob(
      (env) => {
        env.configure(Configuration.fromMap(RESTARTING)).setRuntimeMode("BATCH");
        env.fromSequence(1, 6).setParallelism(1).sinkTo(sink).setParallelism(1);
      },
      { cluster: CLUSTER },
    );
    expect(outcome).toMatchObject({ status: "finished", restarts: 2 });
    expect(published.toSorted()).toEqual([1, 2, 3, 4, 5, 6].map((n) => `0#0/${n}`));
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map((files) => files.join()))).toEqual(new Set([asked[0].join()]));
  });

  it("BAT-6: does not look at the savepoint that it is to start from", () => {
    const stopped = runJob(
      (env) => {
        env.enableCheckpointing(Duration.ofMillis(50));
        const source = KafkaSource.builder<number>().setTopics("in").build();
        env
          .fromSource(source, WatermarkStrategy.noWatermarks(), "in")
          .keyBy((n) => n % 3)
          .reduce((a, b) => a + b)
          .uid("other")
          .print();
      },
      { input: { in: [[1, 5]] }, end: { kind: "stop", atMs: 200 } },
      { keepSavepoint: true },
    );
    const savepoint = stopped.savepoint;
    if (savepoint === null) throw new Error("there is one");
    const quiet = sorted(committed(run("BATCH")));
    expect(sorted(committed(run("BATCH", {}, { startFrom: { savepoint } })))).toEqual(quiet);
    expect(run("STREAMING", {}, { startFrom: { savepoint } })).toMatchObject({ status: "rejected" });
  });

  it("BAT-6: refuses a source without an end; AUTOMATIC runs it as a stream", () => {
    const unbounded = (mode: "BATCH" | "AUTOMATIC") => (env: StreamExecutionEnvironment) => {
      const source = KafkaSource.builder<number>().setTopics("in").build();
      env.setRuntimeMode(mode).fromSource(source, WatermarkStrategy.noWatermarks(), "in").print();
    };
    const world: TestWorld = { input: { in: [[1, 5]] } };
    expect(runJob(unbounded("BATCH"), world)).toMatchObject({
      status: "rejected",
      failure: {
        code: "GRAPH_BATCH_UNBOUNDED",
        message:
          "Detected an UNBOUNDED source with the 'execution.runtime-mode' set to 'BATCH'. This combination is not allowed, please set the " +
          "'execution.runtime-mode' to STREAMING or AUTOMATIC",
      },
    });
    expect(runJob(unbounded("AUTOMATIC"), world)).toMatchObject({ status: "finished", printed: ["5"] });
  });
});
