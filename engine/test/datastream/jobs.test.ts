import { describe, expect, it } from "vitest";
import {
  type AggregateFunction,
  BroadcastProcessFunction,
  type BroadcastContext,
  type CoFlatMapFunction,
  type Collector,
  type DeliveryGuarantee,
  Duration,
  EventTimeSessionWindows,
  json,
  KafkaSink,
  KafkaSource,
  KeyedCoProcessFunction,
  type KeyedProcessContext,
  KeyedProcessFunction,
  MapStateDescriptor,
  OutputTag,
  type ProcessWindowContext,
  ProcessWindowFunction,
  type ReadOnlyBroadcastContext,
  RestartStrategies,
  RichFlatMapFunction,
  type StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  Tuple2,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../src/index.ts";
import type { Fault, FaultTrigger } from "../../src/sim.ts";
import { committed, runJob, sorted } from "./run-job.ts";

interface Click {
  readonly user: string;
  readonly at: number;
}

function clicksOf(env: StreamExecutionEnvironment, boundMs = 0) {
  const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofMillis(boundMs)).withTimestampAssigner(
    (click) => click.at,
  );
  return env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), watermarks, "clicks");
}

function sinkOf<T>(topic = "out") {
  return KafkaSink.builder<T>().setRecordSerializer(json(topic)).build();
}

/** A click that arrives some time after it happened. */
const click = (arrivesMs: number, user: string, at: number) => [arrivesMs, { user, at }] as const;

describe("DataStream jobs", () => {
  it("word count over tumbling windows", () => {
    const outcome = runJob(
      (env) => {
        env
          .fromSource(
            KafkaSource.builder<string>().setTopics("text").build(),
            WatermarkStrategy.forMonotonousTimestamps<string>(), // timestamps are the log's
            "text",
          )
          .flatMap((line: string, out: Collector<Tuple2<string, number>>) => {
            for (const word of line.split(" ")) out.collect(Tuple2.of(word, 1));
          })
          .keyBy((pair) => pair.f0)
          .window(TumblingEventTimeWindows.of(Duration.ofSeconds(5)))
          .sum(1)
          .sinkTo(sinkOf());
      },
      {
        input: {
          text: [
            [1000, "to be or"],
            [2000, "not to be"],
            [6000, "to"],
          ],
        },
      },
    );
    expect(sorted(committed(outcome))).toEqual(
      sorted([
        { f0: "to", f1: 2 },
        { f0: "be", f1: 2 },
        { f0: "or", f1: 1 },
        { f0: "not", f1: 1 },
        { f0: "to", f1: 1 },
      ]),
    );
  });

  class CountClicks implements AggregateFunction<Click, number, number> {
    createAccumulator() {
      return 0;
    }
    add(_click: Click, count: number) {
      return count + 1;
    }
    getResult(count: number) {
      return count;
    }
    merge(a: number, b: number) {
      return a + b;
    }
  }

  class ToSession extends ProcessWindowFunction<number, unknown, string, TimeWindow> {
    process(user: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<unknown>) {
      const { start, end } = context.window();
      for (const clicks of counts) out.collect({ user, start, end, clicks });
    }
  }

  it("sessions that merge, with late data in a side output", () => {
    const late = new OutputTag<Click>("late");
    const outcome = runJob(
      (env) => {
        const sessions = clicksOf(env, 10_000)
          .keyBy((value) => value.user)
          .window(EventTimeSessionWindows.withGap(Duration.ofSeconds(10)))
          .sideOutputLateData(late)
          .aggregate(new CountClicks(), new ToSession());
        sessions.sinkTo(sinkOf());
        sessions.getSideOutput(late).sinkTo(sinkOf("late"));
      },
      {
        output: ["out", "late"],
        input: {
          clicks: [
            click(1000, "u", 1000),
            click(2000, "u", 15_000),
            click(3000, "u", 8000),
            click(40_000, "u", 60_000),
            click(41_000, "u", 2000),
          ],
        },
      },
    );
    expect(committed(outcome)).toEqual([
      { user: "u", start: 1000, end: 25_000, clicks: 3 },
      { user: "u", start: 60_000, end: 70_000, clicks: 1 },
    ]);
    expect(committed(outcome, "late")).toEqual([{ user: "u", at: 2000 }]);
  });

  it("keyed state and timers", () => {
    class Quiet extends KeyedProcessFunction<string, Click, string> {
      private last!: ValueState<number>;
      override open() {
        this.last = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("last"));
      }
      processElement(value: Click, ctx: KeyedProcessContext<string>) {
        this.last.update(value.at);
        ctx.timerService().registerEventTimeTimer(value.at + 5000);
      }
      override onTimer(timestamp: number, ctx: KeyedProcessContext<string>, out: Collector<string>) {
        if (this.last.value() === timestamp - 5000) out.collect(`${ctx.getCurrentKey()} quiet at ${timestamp}`);
      }
    }
    const outcome = runJob(
      (env) =>
        clicksOf(env)
          .keyBy((value) => value.user)
          .process(new Quiet())
          .sinkTo(sinkOf()),
      {
        input: { clicks: [click(1, "a", 1000), click(2, "b", 2000), click(3, "a", 4000), click(4, "c", 20_000)] },
      },
    );
    expect(committed(outcome)).toEqual(["b quiet at 7000", "a quiet at 9000", "c quiet at 25000"]);
  });

  it("keyed state in a rich flatMap behind keyBy", () => {
    class EverySecond extends RichFlatMapFunction<Click, string> {
      private count!: ValueState<number>;
      override open() {
        this.count = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("count"));
      }
      flatMap(value: Click, out: Collector<string>) {
        const count = (this.count.value() ?? 0) + 1;
        this.count.update(count);
        if (count % 2 === 0) out.collect(`${value.user}${count}`);
      }
    }
    const outcome = runJob(
      (env) =>
        clicksOf(env)
          .keyBy((value) => value.user)
          .flatMap(new EverySecond())
          .sinkTo(sinkOf()),
      {
        input: { clicks: ["a", "b", "a", "a", "b", "a"].map((user, i) => click(i, user, i)) },
      },
    );
    expect(committed(outcome)).toEqual(["a2", "b2", "a4"]);
  });

  it("rolling aggregations: min keeps the first record, minBy gives the whole one", () => {
    const rows = [
      { k: "x", n: 3, tag: "first" },
      { k: "x", n: 1, tag: "second" },
      { k: "x", n: 2, tag: "third" },
    ];
    const outcome = runJob(
      (env) => {
        const keyed = env.fromData(rows).keyBy((row) => row.k);
        keyed.min("n").sinkTo(sinkOf("min"));
        keyed.minBy("n").sinkTo(sinkOf("minBy"));
        keyed.sum("n").sinkTo(sinkOf("sum"));
        keyed.reduce((a, b) => ({ ...a, tag: `${a.tag}+${b.tag}` })).sinkTo(sinkOf("reduce"));
      },
      { output: ["min", "minBy", "sum", "reduce"] },
    );
    const tags = (topic: string) => committed(outcome, topic).map((row) => `${(row as { n: number }).n} ${(row as { tag: string }).tag}`);
    expect(tags("min")).toEqual(["3 first", "1 first", "1 first"]);
    expect(tags("minBy")).toEqual(["3 first", "1 second", "1 second"]);
    expect(tags("sum")).toEqual(["3 first", "4 first", "6 first"]);
    expect(tags("reduce")).toEqual(["3 first", "3 first+second", "3 first+second+third"]);
  });

  it("count windows, tumbling and sliding", () => {
    const rows = [1, 2, 3, 4, 5].map((n) => ({ k: "x", n }));
    const outcome = runJob(
      (env) => {
        const keyed = env.fromData(rows).keyBy((row) => row.k);
        keyed.countWindow(2).sum("n").sinkTo(sinkOf("tumbling"));
        keyed.countWindow(3, 2).sum("n").sinkTo(sinkOf("sliding"));
      },
      { output: ["tumbling", "sliding"] },
    );
    expect(committed(outcome, "tumbling")).toEqual([
      { k: "x", n: 3 },
      { k: "x", n: 7 },
    ]);
    expect(committed(outcome, "sliding")).toEqual([
      { k: "x", n: 3 },
      { k: "x", n: 9 },
    ]);
  });

  it("windowAll sees every key in one subtask", () => {
    const outcome = runJob(
      (env) =>
        clicksOf(env)
          .windowAll(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
          .reduce((a, b) => ({ user: a.user + b.user, at: b.at }))
          .sinkTo(sinkOf()),
      {
        input: { clicks: [click(1, "a", 1000), click(2, "b", 2000), click(3, "c", 11_000)] },
        cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 },
      },
    );
    expect(sorted(committed(outcome))).toEqual(
      sorted([
        { user: "ab", at: 2000 },
        { user: "c", at: 11_000 },
      ]),
    );
  });

  it("union and connect", () => {
    class Sides implements CoFlatMapFunction<number, string, string> {
      flatMap1(value: number, out: Collector<string>) {
        out.collect(`n${value}`);
      }
      flatMap2(value: string, out: Collector<string>) {
        for (let i = 0; i < 2; i++) out.collect(`s${value}`);
      }
    }
    const outcome = runJob((env) => {
      const numbers = env.fromData(1, 2).union(env.fromData(3));
      numbers.connect(env.fromData("a")).flatMap(new Sides()).sinkTo(sinkOf());
    }, {});
    expect(sorted(committed(outcome))).toEqual(sorted(["n1", "n2", "n3", "sa", "sa"]));
  });

  it("two keyed inputs share state", () => {
    class Match extends KeyedCoProcessFunction<string, { id: string }, { id: string; paid: number }, string> {
      private order!: ValueState<boolean>;
      private payment!: ValueState<number>;
      override open() {
        this.order = this.getRuntimeContext().getState(new ValueStateDescriptor<boolean>("order"));
        this.payment = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("payment"));
      }
      processElement1(order: { id: string }, _ctx: KeyedProcessContext<string>, out: Collector<string>) {
        const paid = this.payment.value();
        if (paid === null) this.order.update(true);
        else out.collect(`${order.id} ${paid}`);
      }
      processElement2(payment: { id: string; paid: number }, _ctx: KeyedProcessContext<string>, out: Collector<string>) {
        if (this.order.value() === null) this.payment.update(payment.paid);
        else out.collect(`${payment.id} ${payment.paid}`);
      }
    }
    const outcome = runJob(
      (env) => {
        const orders = env.fromData({ id: "a" }, { id: "b" });
        const payments = env.fromData({ id: "b", paid: 2 }, { id: "a", paid: 1 }, { id: "c", paid: 3 });
        orders
          .connect(payments)
          .keyBy(
            (order) => order.id,
            (payment) => payment.id,
          )
          .process(new Match())
          .sinkTo(sinkOf());
      },
      { cluster: { taskManagers: 1, slotsPerTaskManager: 4, parallelism: 3 } },
    );
    expect(sorted(committed(outcome))).toEqual(sorted(["a 1", "b 2"]));
  });

  it("broadcast state reaches every subtask", () => {
    const factors = new MapStateDescriptor<string, number>("factors");
    class Scale extends BroadcastProcessFunction<number, number, number> {
      processElement(value: number, ctx: ReadOnlyBroadcastContext, out: Collector<number>) {
        out.collect(value * (ctx.getBroadcastState(factors).get("f") ?? 0));
      }
      processBroadcastElement(value: number, ctx: BroadcastContext) {
        ctx.getBroadcastState(factors).put("f", value);
      }
    }
    const outcome = runJob(
      (env) => {
        const source = (topic: string) =>
          env.fromSource(KafkaSource.builder<number>().setTopics(topic).build(), WatermarkStrategy.noWatermarks(), topic);
        source("numbers").rebalance().connect(source("factors").broadcast(factors)).process(new Scale()).sinkTo(sinkOf());
      },
      {
        input: {
          factors: [[0, 10]],
          numbers: [
            [500, 1],
            [600, 2],
            [700, 3],
          ],
        },
        cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 2 },
      },
    );
    expect(sorted(committed(outcome))).toEqual(sorted([10, 20, 30]));
  });

  it("print goes to standard output", () => {
    const outcome = runJob((env) => {
      env.fromData({ a: 1 }).print();
      env.fromData("x").print("id");
      env.fromData(Tuple2.of("w", 2)).print().setParallelism(1);
    }, {});
    expect(sorted(outcome.printed)).toEqual(sorted(['{"a":1}', "id> x", "(w,2)"]));
  });

  it("fromSequence is split over the subtasks and ends", () => {
    const outcome = runJob(
      (env) =>
        env
          .fromSequence(1, 10)
          .filter((n) => n % 3 === 0)
          .map((n) => n * n)
          .sinkTo(sinkOf()),
      {
        cluster: { taskManagers: 2, slotsPerTaskManager: 2, parallelism: 3 },
      },
    );
    expect(sorted(committed(outcome))).toEqual(sorted([9, 36, 81]));
  });
});

describe("exactly once through a crash", () => {
  const STEPS = ["triggered", "barrier", "acked", "completed", "committed"] as const;
  const crashAt = (when: FaultTrigger): Fault => ({ kind: "crashTaskManager", taskManager: 0, when });

  function run(guarantee: DeliveryGuarantee, faults: readonly Fault[], seed = 1) {
    return runJob(
      (env) => {
        env.enableCheckpointing(1000);
        clicksOf(env)
          .keyBy((value) => value.user)
          .map((value) => `${value.user}${value.at}`)
          .sinkTo(
            KafkaSink.builder<string>()
              .setRecordSerializer(json("out"))
              .setDeliveryGuarantee(guarantee)
              .setTransactionalIdPrefix("job")
              .build(),
          );
      },
      {
        seed,
        partitions: 2,
        input: { clicks: Array.from({ length: 60 }, (_, i) => [i * 100, { user: "abc"[i % 3], at: i }, i % 2] as const) },
        faults,
        cluster: { taskManagers: 2, slotsPerTaskManager: 1, parallelism: 2 },
      },
    );
  }

  const undisturbed = sorted(committed(run("EXACTLY_ONCE", [])));

  it.each([1, 2, 3])("EXACTLY_ONCE commits the same as without the crash, seed %i", (seed) => {
    const crashed = run("EXACTLY_ONCE", [crashAt({ kind: "atMs", atMs: 2500 })], seed);
    expect(crashed.restarts).toBe(1);
    expect(undisturbed).toHaveLength(60);
    expect(sorted(committed(crashed))).toEqual(undisturbed);
  });

  it.each(STEPS)("a task manager dies when checkpoint 2 is %s", (step) => {
    const crashed = run("EXACTLY_ONCE", [crashAt({ kind: "checkpoint", checkpoint: 2, step })]);
    expect(crashed.restarts).toBe(1);
    expect(sorted(committed(crashed))).toEqual(undisturbed);
  });

  it.each(STEPS)("the job manager dies when checkpoint 2 is %s", (step) => {
    const crashed = run("EXACTLY_ONCE", [{ kind: "crashJobManager", when: { kind: "checkpoint", checkpoint: 2, step } }]);
    expect(sorted(committed(crashed))).toEqual(undisturbed);
  });

  it("AT_LEAST_ONCE writes some records again and loses none", () => {
    const rows = committed(run("AT_LEAST_ONCE", [crashAt({ kind: "atMs", atMs: 2500 })]));
    expect(new Set(rows).size).toBe(60);
    expect(rows.length).toBeGreaterThan(60);
  });

  it("a transaction timeout shorter than the checkpoint interval fails the job, as in Kafka", () => {
    const outcome = runJob(
      (env) => {
        env.enableCheckpointing(5000);
        env.setRestartStrategy(RestartStrategies.noRestart());
        clicksOf(env).sinkTo(
          KafkaSink.builder<Click>()
            .setRecordSerializer(json("out"))
            .setDeliveryGuarantee("EXACTLY_ONCE")
            .setTransactionalIdPrefix("job")
            .setProperty("transaction.timeout.ms", 2000)
            .build(),
        );
      },
      { input: { clicks: Array.from({ length: 40 }, (_, i) => click(i * 100, "u", i)) } },
    );
    expect(outcome.status).toBe("failed");
    expect(outcome.failure?.message).toContain("open for longer than transaction.timeout.ms (2000 ms)");
  });
});
