import { describe, expect, it } from "vitest";
import {
  type Collector,
  CountEvictor,
  CountTrigger,
  datastreamProgram,
  DeltaTrigger,
  Diagnostic,
  DiscardingSink,
  Duration,
  EventTimeSessionWindows,
  GlobalWindows,
  json,
  KafkaSink,
  KafkaSource,
  NumberSequenceSource,
  OutputTag,
  type ProcessJoinContext,
  ProcessJoinFunction,
  PurgingTrigger,
  RichCoGroupFunction,
  RichFlatJoinFunction,
  RichJoinFunction,
  SlidingEventTimeWindows,
  StreamExecutionEnvironment,
  type TaggedUnion,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../src/index.ts";
import { jobGraphOf } from "../../src/sim.ts";
import { committed, runJob, sorted, type TestWorld } from "./run-job.ts";

interface Order {
  readonly id: string;
  readonly at: number;
  readonly item: string;
}

interface Payment {
  readonly order: string;
  readonly at: number;
  readonly cents: number;
}

function sourceOf<T extends { readonly at: number }>(env: StreamExecutionEnvironment, topic: string, boundMs: number) {
  const watermarks = WatermarkStrategy.forBoundedOutOfOrderness<T>(Duration.ofMillis(boundMs)).withTimestampAssigner((value) => value.at);
  return env.fromSource(KafkaSource.builder<T>().setTopics(topic).build(), watermarks, topic);
}

const ordersOf = (env: StreamExecutionEnvironment, boundMs = 0) => sourceOf<Order>(env, "orders", boundMs);
const paymentsOf = (env: StreamExecutionEnvironment, boundMs = 0) => sourceOf<Payment>(env, "payments", boundMs);

function sinkOf<T>(topic = "out") {
  return KafkaSink.builder<T>().setRecordSerializer(json(topic)).build();
}

/** Records arrive when they happen, unless told otherwise. */
const order = (at: number, id: string, item: string, arrivesMs = at) => [arrivesMs, { id, at, item } satisfies Order] as const;
const payment = (at: number, id: string, cents: number, arrivesMs = at) => [arrivesMs, { order: id, at, cents } satisfies Payment] as const;

const INPUT: TestWorld["input"] = {
  orders: [order(1000, "o1", "tea"), order(4000, "o2", "cup"), order(11_000, "o3", "pot"), order(30_000, "end", "")],
  payments: [
    payment(2000, "o1", 300),
    payment(9000, "o2", 500),
    payment(9500, "o2", 50),
    payment(12_500, "o1", 1),
    payment(30_000, "end", 0),
  ],
};

const TEN_SECONDS = TumblingEventTimeWindows.of(Duration.ofSeconds(10));

describe("window joins", () => {
  it("JOIN-1: pairs what shares a key and a window, and drops what has no partner", () => {
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .join(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(TEN_SECONDS)
          .apply((one, paid) => ({ item: one.item, cents: paid.cents }))
          .sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    expect(sorted(committed(outcome))).toEqual(
      sorted([
        { item: "tea", cents: 300 },
        { item: "cup", cents: 500 },
        { item: "cup", cents: 50 },
        { item: "", cents: 0 },
      ]),
    );
  });

  it("JOIN-1: a pair comes once per sliding window that both are in", () => {
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .join(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(SlidingEventTimeWindows.of(Duration.ofSeconds(10), Duration.ofSeconds(5)))
          .apply((one, paid) => `${one.id} ${paid.cents}`)
          .filter((pair) => pair.startsWith("o2"))
          .sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    // o2 is in [-5, 5) and [0, 10), its payments are in [0, 10) and [5, 15).
    expect(committed(outcome)).toEqual(["o2 500", "o2 50"]);
  });

  it("a third parameter makes it a flat join", () => {
    class Receipts extends RichFlatJoinFunction<Order, Payment, string> {
      private prefix = "";
      override open() {
        this.prefix = this.getRuntimeContext().getJobInfo().getJobName();
      }
      join(one: Order, paid: Payment, out: Collector<string>) {
        if (paid.cents >= 300) out.collect(`${this.prefix}: ${one.item} ${paid.cents}`);
      }
    }
    const outcome = runJob(
      (env) => {
        const joined = ordersOf(env)
          .join(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(TEN_SECONDS);
        joined.apply(new Receipts()).sinkTo(sinkOf());
        joined
          .apply((one, paid, out: Collector<{ readonly sum: number }>) => out.collect({ sum: one.item.length + paid.cents }))
          .filter(({ sum }) => sum > 400)
          .sinkTo(sinkOf("sums"));
        joined
          .apply((one, paid, out: Collector<string>) => {
            for (let cents = 100; cents <= paid.cents; cents += 100) out.collect(one.item);
          })
          .sinkTo(sinkOf("coins"));
      },
      { input: INPUT, output: ["out", "coins", "sums"] },
    );
    expect(sorted(committed(outcome))).toEqual(sorted(["test: tea 300", "test: cup 500"]));
    expect(committed(outcome, "sums")).toEqual([{ sum: 503 }]);
    expect(sorted(committed(outcome, "coins"))).toEqual(sorted([..."tea tea tea cup cup cup cup cup".split(" ")]));
  });

  it("JOIN-2: triggers and evictors see the records of both sides", () => {
    const outcome = runJob(
      (env) => {
        const joined = ordersOf(env)
          .join(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(GlobalWindows.create())
          .trigger(PurgingTrigger.of(CountTrigger.of(3)));
        joined.apply((one, paid) => paid.cents + one.item.length).sinkTo(sinkOf("all"));
        joined
          .evictor(CountEvictor.of(2))
          .apply((one, paid) => paid.cents + one.item.length)
          .sinkTo(sinkOf("last"));
      },
      { input: { ...INPUT, orders: [order(1, "o2", "cup"), order(30_000, "end", "")] }, output: ["all", "last"] },
    );
    expect(committed(outcome, "all")).toEqual([503, 53]);
    // The last two of the three are payments: no pair is left.
    expect(committed(outcome, "last")).toEqual([]);
  });

  it("settings give a new object, as in Flink", () => {
    const outcome = runJob(
      (env) => {
        const joined = ordersOf(env)
          .join(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(TEN_SECONDS);
        joined.trigger(CountTrigger.of(1)); // forgotten: the result is not used
        joined.apply((one) => one.id).sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    expect(sorted(committed(outcome))).toEqual(sorted(["o1", "o2", "o2", "end"]));
  });

  it("JOIN-3: within the allowed lateness a late record gives all pairs of the window again", () => {
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .join(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(TEN_SECONDS)
          .allowedLateness(Duration.ofSeconds(10))
          .apply((one, paid) => `${one.id} ${paid.cents}`)
          .sinkTo(sinkOf());
      },
      {
        input: {
          orders: [order(1000, "o1", "tea"), order(12_000, "x", ""), order(40_000, "end", "")],
          payments: [payment(2000, "o1", 1), payment(12_000, "x", 0), payment(3000, "o1", 2, 13_000), payment(40_000, "end", 0)],
        },
      },
    );
    expect(committed(outcome).filter((pair) => String(pair).startsWith("o1"))).toEqual(["o1 1", "o1 1", "o1 2"]);
  });

  it("keyed state in a rich join function is per key", () => {
    class Numbered extends RichJoinFunction<Order, Payment, string> {
      join(one: Order, paid: Payment) {
        return `${this.getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks()} ${one.id} ${paid.cents}`;
      }
    }
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .join(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(EventTimeSessionWindows.withGap(Duration.ofSeconds(6)))
          .apply(new Numbered())
          .setParallelism(2)
          .sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    expect(sorted(committed(outcome))).toEqual(sorted(["2 o1 300", "2 o2 500", "2 o2 50", "2 end 0"]));
  });
});

describe("coGroup", () => {
  it("JOIN-4: also sees windows in which one side has nothing: an outer join", () => {
    class LeftOuter extends RichCoGroupFunction<Order, Payment, string> {
      coGroup(orders: Iterable<Order>, payments: Iterable<Payment>, out: Collector<string>) {
        const paid = [...payments].map((one) => one.cents);
        for (const one of orders) out.collect(`${one.id} ${paid.length === 0 ? "unpaid" : paid.join("+")}`);
      }
    }
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .coGroup(paymentsOf(env))
          .where((one) => one.id)
          .equalTo((one) => one.order)
          .window(TEN_SECONDS)
          .apply(new LeftOuter())
          .sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    expect(sorted(committed(outcome))).toEqual(sorted(["o1 300", "o2 500+50", "o3 unpaid", "end 0"]));
  });

  it("a delta trigger over both sides", () => {
    const amount = (one: TaggedUnion<Order, Payment>) => one.getTwo()?.cents ?? 0;
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .coGroup(paymentsOf(env))
          .where(() => "all")
          .equalTo(() => "all")
          .window(GlobalWindows.create())
          .trigger(PurgingTrigger.of(DeltaTrigger.of<TaggedUnion<Order, Payment>>(100, (last, next) => amount(next) - amount(last))))
          .apply((_orders, payments, out: Collector<number[]>) => out.collect([...payments].map((one) => one.cents)))
          .sinkTo(sinkOf());
      },
      { input: { orders: [], payments: [payment(1, "a", 10), payment(2, "a", 100), payment(3, "a", 111), payment(4, "a", 120)] } },
    );
    expect(committed(outcome)).toEqual([[10, 100, 111]]);
  });
});

class PairUp extends ProcessJoinFunction<Order, Payment, string> {
  processElement(one: Order, paid: Payment, ctx: ProcessJoinContext, out: Collector<string>) {
    out.collect(`${one.id} ${paid.cents} ${ctx.getLeftTimestamp()} ${ctx.getRightTimestamp()} ${ctx.getTimestamp()}`);
  }
}

describe("interval joins", () => {
  it("JOIN-5: right records from left + lower to left + upper", () => {
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .keyBy((one) => one.id)
          .intervalJoin(paymentsOf(env).keyBy((one) => one.order))
          .between(Duration.ofSeconds(0), Duration.ofSeconds(5))
          .process(new PairUp())
          .sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    expect(sorted(committed(outcome))).toEqual(sorted(["o1 300 1000 2000 2000", "o2 500 4000 9000 9000", "end 0 30000 30000 30000"]));
  });

  it("JOIN-5: exclusive bounds leave the edges out", () => {
    const outcome = runJob(
      (env) => {
        ordersOf(env)
          .keyBy((one) => one.id)
          .intervalJoin(paymentsOf(env).keyBy((one) => one.order))
          .between(Duration.ofSeconds(0), Duration.ofSeconds(5))
          .lowerBoundExclusive()
          .upperBoundExclusive()
          .process(new PairUp())
          .sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    expect(committed(outcome)).toEqual(["o1 300 1000 2000 2000"]);
  });

  it("JOIN-6: below the watermark is late, on either side", () => {
    const lateOrders = new OutputTag<Order>("late orders");
    const latePayments = new OutputTag<Payment>("late payments");
    const outcome = runJob(
      (env) => {
        const joined = ordersOf(env)
          .keyBy((one) => one.id)
          .intervalJoin(paymentsOf(env).keyBy((one) => one.order))
          .between(Duration.ofSeconds(-5), Duration.ofSeconds(5))
          .sideOutputLeftLateData(lateOrders)
          .sideOutputRightLateData(latePayments)
          .process(new PairUp());
        joined.sinkTo(sinkOf());
        joined
          .getSideOutput(lateOrders)
          .map((one) => one.item)
          .sinkTo(sinkOf("late"));
        joined
          .getSideOutput(latePayments)
          .map((one) => one.cents)
          .sinkTo(sinkOf("late"));
      },
      {
        input: {
          orders: [order(10_000, "o1", "tea"), order(5000, "o2", "slow", 11_000), order(40_000, "end", "")],
          payments: [payment(10_000, "o1", 300), payment(9000, "o1", 7, 11_000), payment(40_000, "end", 0)],
        },
        output: ["out", "late"],
      },
    );
    expect(sorted(committed(outcome))).toEqual(sorted(["o1 300 10000 10000 10000", "end 0 40000 40000 40000"]));
    expect(sorted(committed(outcome, "late"))).toEqual(sorted(["slow", 7]));
  });

  it("JOIN-7: survives a crash without losing or repeating a pair", () => {
    const describe_ = (env: StreamExecutionEnvironment) => {
      env.enableCheckpointing(500);
      const exactlyOnce = KafkaSink.builder<string>()
        .setRecordSerializer(json("out"))
        .setDeliveryGuarantee("EXACTLY_ONCE")
        .setTransactionalIdPrefix("pairs")
        .build();
      ordersOf(env)
        .keyBy((one) => one.id)
        .intervalJoin(paymentsOf(env).keyBy((one) => one.order))
        .between(Duration.ofSeconds(-5), Duration.ofSeconds(5))
        .process(new PairUp())
        .sinkTo(exactlyOnce);
    };
    const calm = runJob(describe_, { input: INPUT });
    for (const atMs of [1500, 4600, 9100, 11_600]) {
      const crashed = runJob(describe_, {
        input: INPUT,
        faults: [{ kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs } }],
      });
      expect(crashed.restarts).toBe(1);
      expect(sorted(committed(crashed))).toEqual(sorted(committed(calm)));
    }
  });
});

describe("the job graph of a join", () => {
  /** Vertices and where they read from, as real Flink gave them for the same programs. */
  const graphOf = (describe_: (env: StreamExecutionEnvironment) => unknown): string[] => {
    const graph = jobGraphOf(
      datastreamProgram(() => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(2);
        describe_(env);
        env.execute("graph");
      }),
    );
    return graph.vertices.map(({ id, name, parallelism }) => {
      const inputs = graph.edges.filter((edge) => edge.target === id).map(({ source, ship }) => `${graph.vertices[source].name} ${ship}`);
      return [`${name} x${parallelism}`, ...inputs].join(" <- ");
    });
  };
  const numbers = (env: StreamExecutionEnvironment, name: string, parallelism: number) =>
    env.fromSource(new NumberSequenceSource(0, 9), WatermarkStrategy.noWatermarks(), name).setParallelism(parallelism);
  const itself = (value: number) => value;

  it("join: both inputs are tagged where they are", () => {
    const graph = graphOf((env) =>
      numbers(env, "x", 1)
        .join(numbers(env, "y", 2))
        .where(itself)
        .equalTo(itself)
        .window(TEN_SECONDS)
        .apply((x) => x)
        .sinkTo(new DiscardingSink<number>())
        .name("out"),
    );
    expect(graph).toEqual([
      "Source: x -> Map x1",
      "Source: y -> Map x2",
      "TumblingEventTimeWindows -> out: Writer x2 <- Source: x -> Map HASH <- Source: y -> Map HASH",
    ]);
  });

  it("coGroup of a union and a rebalanced stream", () => {
    const graph = graphOf((env) => {
      const y = numbers(env, "y", 2);
      numbers(env, "x", 1)
        .union(y)
        .coGroup(y.rebalance())
        .where(itself)
        .equalTo(itself)
        .window(GlobalWindows.create())
        .trigger(CountTrigger.of(1))
        .apply((_xs, _ys, _out: Collector<number>) => {})
        .sinkTo(new DiscardingSink<number>())
        .name("out");
    });
    expect(sorted(graph)).toEqual(
      sorted([
        "Source: x x1",
        "Source: y x2",
        "Map x1 <- Source: x FORWARD <- Source: y REBALANCE",
        "Map x2 <- Source: y REBALANCE",
        "GlobalWindows -> out: Writer x2 <- Map HASH <- Map HASH",
      ]),
    );
  });

  it("interval join", () => {
    class Both extends ProcessJoinFunction<number, number, number> {
      processElement() {}
    }
    const graph = graphOf((env) =>
      numbers(env, "x", 1)
        .keyBy(itself)
        .intervalJoin(numbers(env, "y", 2).keyBy(itself))
        .between(-1, 1)
        .process(new Both())
        .sinkTo(new DiscardingSink<number>())
        .name("out"),
    );
    expect(graph).toEqual(["Source: x x1", "Source: y x2", "Interval Join -> out: Writer x2 <- Source: x HASH <- Source: y HASH"]);
  });
});

describe("what joins refuse", () => {
  const refused = (describe_: (env: StreamExecutionEnvironment) => unknown): string => {
    try {
      describe_(StreamExecutionEnvironment.getExecutionEnvironment());
    } catch (error) {
      if (error instanceof Diagnostic) return error.data.code;
      throw error;
    }
    return "nothing";
  };
  const keyed = (env: StreamExecutionEnvironment) => ({
    orders: ordersOf(env).keyBy((one) => one.id),
    payments: paymentsOf(env).keyBy((one) => one.order),
  });

  it("processing time, bounds the wrong way round, streams without a key", () => {
    expect(
      refused((env) => {
        const { orders, payments } = keyed(env);
        return orders.intervalJoin(payments).inProcessingTime().between(Duration.ofSeconds(0), Duration.ofSeconds(1));
      }),
    ).toBe("JOIN_PROCESSING_TIME");
    expect(
      refused((env) => {
        const { orders, payments } = keyed(env);
        return orders.intervalJoin(payments).between(Duration.ofSeconds(5), Duration.ofSeconds(-5)).process(new PairUp());
      }),
    ).toBe("JOIN_BOUNDS_REVERSED");
    expect(refused((env) => keyed(env).orders.intervalJoin(paymentsOf(env) as never))).toBe("JOB_STREAM_NOT_KEYED");
    expect(refused((env) => ordersOf(env).join(undefined as never))).toBe("JOB_NOT_A_STREAM");
  });

  it("records without timestamps", () => {
    const outcome = runJob(
      (env) => {
        const noTimes = WatermarkStrategy.noWatermarks<Order>();
        env
          .fromSource(
            KafkaSource.builder<Order>().setTopics("orders").build(),
            noTimes.withTimestampAssigner(() => -(2 ** 63)),
            "orders",
          )
          .keyBy((one) => one.id)
          .intervalJoin(paymentsOf(env).keyBy((one) => one.order))
          .between(Duration.ofSeconds(0), Duration.ofSeconds(5))
          .process(new PairUp())
          .sinkTo(sinkOf());
      },
      { input: INPUT },
    );
    expect(JSON.stringify(outcome.failure)).toContain("JOIN_WITHOUT_TIMESTAMP");
  });
});
