import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  type AggregateFunction,
  Configuration,
  CountTrigger,
  datastreamProgram,
  type DiagnosticData,
  Duration,
  EventTimeSessionWindows,
  json,
  KafkaSink,
  KafkaSource,
  KeyedProcessFunction,
  type ProcessContext,
  ProcessFunction,
  RestartStrategies,
  RestartStrategyOptions,
  setPositionProvider,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../src/index.ts";
import { jobGraphOf } from "../../src/sim.ts";
import { runJob } from "./run-job.ts";

type Describe = (env: StreamExecutionEnvironment) => unknown;

function program(describeJob: Describe, execute = true) {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    describeJob(env);
    if (execute) env.execute("job");
  });
}

function diagnosticOf(act: () => unknown): DiagnosticData {
  try {
    act();
  } catch (error) {
    return (error as { data: DiagnosticData }).data;
  }
  throw new Error("nothing was thrown");
}

const clicks = (env: StreamExecutionEnvironment) =>
  env.fromSource(KafkaSource.builder<{ user: string }>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks(), "clicks");

class Keyed extends KeyedProcessFunction<string, { user: string }, string> {
  processElement() {}
}

describe("a program that is no job is refused", () => {
  const cases: [string, () => unknown, string, string][] = [
    ["execute is missing", () => program((env) => clicks(env).print(), false).instantiate(), "JOB_NOT_EXECUTED", "call env.execute()"],
    [
      "execute twice",
      () =>
        program((env) => {
          clicks(env).print();
          env.execute("first");
        }).instantiate(),
      "JOB_EXECUTED_TWICE",
      'a second job, "job", after "first"',
    ],
    [
      "no sink",
      () =>
        program((env) =>
          clicks(env)
            .map((click) => click.user)
            .name("users"),
        ).instantiate(),
      "JOB_WITHOUT_SINK",
      '"users"',
    ],
    ["nothing at all", () => program(() => {}).instantiate(), "JOB_WITHOUT_OPERATORS", "No operators defined"],
    ["a promise", () => datastreamProgram((async () => {}) as () => void).instantiate(), "JOB_IS_ASYNCHRONOUS", "promise"],
    [
      "outside of a cluster",
      () => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        clicks(env).print();
        env.execute();
      },
      "JOB_OUTSIDE_OF_CLUSTER",
      "no cluster listens",
    ],
    [
      "keyed function without key",
      () => program((env) => clicks(env).process(new Keyed() as never)).instantiate(),
      "JOB_KEYED_FUNCTION_WITHOUT_KEY",
      "call keyBy(…) before",
    ],
    ["negative parallelism", () => program((env) => env.setParallelism(-1)).instantiate(), "JOB_BAD_NUMBER", "found -1"],
    [
      "fractional parallelism",
      () => program((env) => clicks(env).print().setParallelism(1.5)).instantiate(),
      "JOB_BAD_NUMBER",
      "found 1.5",
    ],
    [
      "tiny checkpoint interval",
      () => program((env) => env.enableCheckpointing(1)).instantiate(),
      "JOB_BAD_TIME",
      "at least 10 ms, found 1 ms",
    ],
    ["NaN interval", () => program((env) => env.enableCheckpointing(Number.NaN)).instantiate(), "JOB_BAD_TIME", "The checkpoint interval"],
    ["window of size 0", () => TumblingEventTimeWindows.of(Duration.ofMillis(0)), "WINDOW_PARAMETERS", "abs(offset) < size"],
    [
      "negative lateness",
      () =>
        program((env) =>
          clicks(env)
            .keyBy((c) => c.user)
            .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
            .allowedLateness(-1),
        ).instantiate(),
      "JOB_BAD_TIME",
      "allowed lateness",
    ],
    [
      "count window of 0",
      () =>
        program((env) =>
          clicks(env)
            .keyBy((c) => c.user)
            .countWindow(0),
        ).instantiate(),
      "JOB_BAD_NUMBER",
      "count window",
    ],
    [
      "sessions with a trigger that cannot merge",
      () =>
        program((env) =>
          clicks(env)
            .keyBy((c) => c.user)
            .window(EventTimeSessionWindows.withGap(Duration.ofSeconds(1)))
            .trigger(Object.assign(Object.create(CountTrigger.of(1)), { canMerge: () => false })),
        ).instantiate(),
      "WINDOW_TRIGGER_CANNOT_MERGE",
      "does not support merging",
    ],
    [
      "sessions with an aggregate that cannot merge",
      () =>
        program((env) => {
          class NoMerge implements AggregateFunction<{ user: string }, number, number> {
            createAccumulator = () => 0;
            add = (_click: unknown, n: number) => n + 1;
            getResult = (n: number) => n;
          }
          clicks(env)
            .keyBy((c) => c.user)
            .window(EventTimeSessionWindows.withGap(Duration.ofSeconds(1)))
            .aggregate(new NoMerge());
        }).instantiate(),
      "WINDOW_AGGREGATE_WITHOUT_MERGE",
      "merge(a, b)",
    ],
    [
      "windowAll in parallel",
      () =>
        program((env) =>
          clicks(env)
            .windowAll(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
            .reduce((a) => a)
            .setParallelism(2),
        ).instantiate(),
      "JOB_NON_PARALLEL_OPERATOR",
      "must be 1",
    ],
    [
      "a function that is none",
      () => program((env) => clicks(env).map(undefined as never)).instantiate(),
      "JOB_NOT_A_FUNCTION",
      "map(…) was given undefined",
    ],
    [
      "a class instead of an instance",
      () =>
        program((env) =>
          clicks(env)
            .keyBy((c) => c.user)
            .process(Keyed as never),
        ).instantiate(),
      "JOB_NOT_A_FUNCTION",
      "the class Keyed",
    ],
    [
      "a builder instead of a source",
      () => program((env) => env.fromSource(KafkaSource.builder() as never, WatermarkStrategy.noWatermarks(), "x")).instantiate(),
      "JOB_NOT_A_SOURCE",
      "KafkaSource.builder()",
    ],
    [
      "a builder instead of a sink",
      () => program((env) => clicks(env).sinkTo(KafkaSink.builder() as never)).instantiate(),
      "JOB_NOT_A_SINK",
      "KafkaSink.builder()",
    ],
    ["an empty collection", () => program((env) => env.fromData([])).instantiate(), "JOB_EMPTY_COLLECTION", "must not be empty"],
    [
      "an unknown backend",
      () => program((env) => env.configure(Configuration.fromMap({ "state.backend.type": "redis" }))).instantiate(),
      "JOB_BAD_CONFIG_VALUE",
      '"redis"',
    ],
  ];
  it.each(cases)("%s", (_name, act, code, text) => {
    const data = diagnosticOf(act);
    expect(data.code).toBe(code);
    expect(data.message).toContain(text);
  });

  it("names the learner's line when the host can tell it", () => {
    setPositionProvider(() => ({ line: 7, column: 3 }));
    try {
      expect(diagnosticOf(() => program((env) => clicks(env).map(undefined as never)).instantiate()).span).toEqual({ line: 7, column: 3 });
    } finally {
      setPositionProvider(() => undefined);
    }
  });

  it("lets the program's own exceptions through", () => {
    expect(() =>
      program(() => {
        throw new RangeError("mine");
      }).instantiate(),
    ).toThrow(RangeError);
  });
});

describe("mistakes that show while the job runs", () => {
  const failureOf = (describeJob: Describe, value: unknown = { user: "u" }) =>
    runJob((env) => void describeJob(env), { input: { clicks: [[0, value]] } }).failure;
  const out = <T>() => KafkaSink.builder<T>().setRecordSerializer(json("out")).build();

  it.each([
    ["undefined", { name: "u" }],
    ["null", { user: null }],
  ])("a key that is %s", (found, value) => {
    const failure = failureOf(
      (env) =>
        clicks(env)
          .keyBy((c) => c.user)
          .map((c) => c.user)
          .sinkTo(out()),
      value,
    );
    expect(failure?.diagnostic).toMatchObject({ code: "JOB_BAD_KEY", found });
  });

  it("a NaN key", () => {
    expect(
      failureOf((env) =>
        clicks(env)
          .keyBy(() => Number.NaN)
          .map((c) => c.user)
          .sinkTo(out()),
      )?.diagnostic,
    ).toMatchObject({
      code: "JOB_BAD_KEY",
      found: "NaN",
    });
  });

  it("an unknown topic", () => {
    const failure = failureOf((env) =>
      env.fromSource(KafkaSource.builder().setTopics("click").build(), WatermarkStrategy.noWatermarks(), "x").sinkTo(out()),
    );
    expect(failure).toMatchObject({ code: "KAFKA_UNKNOWN_TOPIC", message: 'Topic "click" does not exist. Did you mean "clicks"?' });
  });

  it("event-time windows over records without timestamps", () => {
    const failure = failureOf((env) =>
      env
        .fromData({ k: 1 })
        .keyBy((row) => row.k)
        .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
        .reduce((a) => a)
        .sinkTo(out()),
    );
    expect(failure?.code).toBe("RECORD_WITHOUT_TIMESTAMP");
  });

  it("keyed state without a key", () => {
    class Stateful extends ProcessFunction<{ user: string }, string> {
      override open() {
        this.getRuntimeContext().getState(new ValueStateDescriptor<number>("n"));
      }
      processElement() {}
    }
    expect(failureOf((env) => clicks(env).process(new Stateful()).sinkTo(out()))?.message).toMatch(/keyed stream/i);
  });

  it("timers without a key", () => {
    class Timer extends ProcessFunction<{ user: string }, string> {
      processElement(_click: unknown, ctx: ProcessContext) {
        ctx.timerService().registerEventTimeTimer(1);
      }
    }
    expect(failureOf((env) => clicks(env).process(new Timer()).sinkTo(out()))?.message).toMatch(/keyed stream/i);
  });
});

describe("what is said in the program reaches the graph", () => {
  it("settings of the environment", () => {
    const graph = program((env) => {
      env.setParallelism(3).setMaxParallelism(64).disableOperatorChaining().enableCheckpointing(Duration.ofSeconds(5), "AT_LEAST_ONCE");
      env.getCheckpointConfig().setCheckpointTimeout(Duration.ofMinutes(2));
      env.getConfig().setAutoWatermarkInterval(50);
      env.setRestartStrategy(RestartStrategies.fixedDelayRestart(2, Duration.ofSeconds(3)));
      clicks(env).print();
    }).instantiate();
    expect(graph.config).toMatchObject({
      parallelism: 3,
      maxParallelism: 64,
      chainingEnabled: false,
      checkpointIntervalMs: 5000,
      checkpointingMode: "AT_LEAST_ONCE",
      checkpointTimeoutMs: 120_000,
      autoWatermarkIntervalMs: 50,
      restartStrategy: { kind: "fixedDelay", attempts: 2, delayMs: 3000 },
    });
  });

  it("settings by configuration keys", () => {
    const configuration = new Configuration()
      .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
      .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 4)
      .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(2))
      .setString("execution.checkpointing.interval", "10 s")
      .setString("unknown.key", "is accepted");
    const graph = program((env) => clicks(env.configure(configuration)).print()).instantiate();
    expect(graph.config).toMatchObject({
      checkpointIntervalMs: 10_000,
      restartStrategy: { kind: "fixedDelay", attempts: 4, delayMs: 2000 },
    });
  });

  it("the cluster's parallelism is the default, and the program can read it", () => {
    let seen = 0;
    const graph = program((env) => {
      seen = env.getParallelism();
      clicks(env).print();
    }).instantiate({ parallelism: 4 });
    expect([seen, graph.config.parallelism]).toEqual([4, 4]);
  });

  it("chains, names and shipping strategies", () => {
    const job = jobGraphOf(
      program((env) => {
        env.setParallelism(2);
        const users = clicks(env)
          .map((c) => c.user)
          .name("user");
        users
          .filter((user) => user !== "")
          .name("named")
          .startNewChain()
          .keyBy((user) => user)
          .reduce((a) => a)
          .print();
        users
          .rebalance()
          .map((user) => user.length)
          .disableChaining()
          .slotSharingGroup("other")
          .print()
          .setParallelism(1);
      }),
    );
    expect(job.vertices.map(({ name, parallelism }) => `${name} (${parallelism})`)).toEqual([
      "Source: clicks -> user (2)",
      "named (2)",
      "Keyed Reduce -> Sink: Print to Std. Out (2)",
      "Map (2)",
      "Sink: Print to Std. Out (1)",
    ]);
    expect(job.edges.map(({ ship }) => ship)).toEqual(["FORWARD", "HASH", "REBALANCE", "REBALANCE"]);
  });

  it("every evaluation gives a graph of its own", () => {
    const twice = program((env) => clicks(env).print());
    const [first, second] = [twice.instantiate(), twice.instantiate()];
    expect(first.nodes.map((node) => node.id)).toEqual(second.nodes.map((node) => node.id));
    expect(first.nodes[0]).not.toBe(second.nodes[0]);
  });
});

describe("learner programs in strict TypeScript", () => {
  it("compile without an error", () => {
    const bin = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
    const project = fileURLToPath(new URL("./learner-programs", import.meta.url));
    let output = "";
    try {
      execFileSync(process.execPath, [bin, "-p", project], { encoding: "utf8" });
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    // Errors inside engine/src are found by the engine's own type check.
    expect(output.split("\n").filter((line) => line.includes("learner-programs"))).toEqual([]);
  }, 60_000);
});
