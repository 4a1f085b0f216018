/** The streams' methods that are not shown by recorded cases: field aggregations, projections, partitions, settings, refusals. */
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type AggregateFunction,
  ConfigOptions,
  Configuration,
  CoreOptions,
  DataStream,
  type DataStreamSink,
  Diagnostic,
  datastreamProgram,
  DiscardingSink,
  Duration,
  ExecutionOptions,
  GlobalWindows,
  KeyedStream,
  Order,
  ParameterTool,
  PipelineOptions,
  RichMapFunction,
  RuntimeExecutionMode,
  type SingleOutputStreamOperator,
  SlotSharingGroup,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  Tuple2,
  Tuple3,
  Types,
  WatermarkStrategy,
} from "../../src/index.ts";
import { jobGraphOf } from "../../src/sim.ts";
import { runJob, type TestWorld } from "./run-job.ts";

/** Lines that a job printed, in the order in which it did. */
function printed(describeJob: (env: StreamExecutionEnvironment) => void, world: TestWorld = {}): readonly string[] {
  const outcome = runJob(describeJob, world);
  if (outcome.status !== "finished") throw new Error(JSON.stringify(outcome.failure));
  return outcome.printed;
}

function refusal(act: (env: StreamExecutionEnvironment) => unknown): string {
  try {
    act(StreamExecutionEnvironment.getExecutionEnvironment());
  } catch (error) {
    if (error instanceof Diagnostic) return `${error.data.code}: ${error.data.message}`;
    throw error;
  }
  return "accepted";
}

const graphOf = (describeJob: (env: StreamExecutionEnvironment) => void) =>
  jobGraphOf(
    datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      describeJob(env);
      env.execute("graph");
    }),
  );

describe("aggregations by field", () => {
  it("API-1 take tuple positions and names, object fields, nested paths and the value itself", () => {
    const pairs = [Tuple2.of("a", 1), Tuple2.of("a", 2)] as const;
    expect(
      printed((env) => {
        env
          .fromData(...pairs)
          .keyBy((pair) => pair.f0)
          .sum(1)
          .print("position");
      }),
    ).toEqual(["position> (a,1)", "position> (a,3)"]);
    expect(
      printed((env) => {
        env
          .fromData(...pairs)
          .keyBy((pair) => pair.f0)
          .sum("f1")
          .print();
      }),
    ).toEqual(["(a,1)", "(a,3)"]);
    const nested = [
      { user: { name: "a", age: 3 }, n: 1 },
      { user: { name: "a", age: 2 }, n: 2 },
    ];
    const byName = (env: StreamExecutionEnvironment) => env.fromData(nested).keyBy((value) => value.user.name);
    expect(printed((env) => byName(env).min("user.age").print())).toEqual([
      '{"user":{"name":"a","age":3},"n":1}',
      '{"user":{"name":"a","age":2},"n":1}',
    ]);
    expect(printed((env) => byName(env).minBy("user.age").print()).at(-1)).toBe('{"user":{"name":"a","age":2},"n":2}');
    const numbers = (env: StreamExecutionEnvironment) => env.fromData(1, 2, 3).keyBy(() => "all");
    expect(printed((env) => numbers(env).sum(0).print())).toEqual(["1", "3", "6"]);
    expect(printed((env) => numbers(env).max("*").print())).toEqual(["1", "2", "3"]);
  });

  it("API-1 keep the first or the last of equal records", () => {
    const records = [Tuple3.of("k", 5, "first"), Tuple3.of("k", 5, "second")];
    const keyed = (env: StreamExecutionEnvironment) => env.fromData(records).keyBy((record) => record.f0);
    expect(printed((env) => keyed(env).maxBy(1).print()).at(-1)).toBe("(k,5,first)");
    expect(printed((env) => keyed(env).maxBy(1, false).print()).at(-1)).toBe("(k,5,second)");
  });
});

describe("project", () => {
  it("API-2 makes tuples of some fields, typed", () => {
    expect(
      printed((env) => {
        const projected = env.fromData(Tuple3.of("a", 1, true)).project(2, 0);
        expectTypeOf(projected).toExtend<DataStream<Tuple2<boolean, string>>>();
        projected.map((pair) => `${pair.f0}/${pair.f1}/${pair instanceof Tuple2}`).print();
      }),
    ).toEqual(["true/a/true"]);
  });

  it("API-2 refuses what Flink refuses", () => {
    expect(refusal((env) => env.fromData(Tuple2.of("a", 1)).project())).toContain("project() needs to select at least one (1) field.");
    const outcome = runJob((env) => void env.fromData("a").project(0).print(), {});
    expect(outcome.failure).toMatchObject({ code: "JOB_PROJECTION", message: expect.stringContaining("Only Tuple DataStreams") as string });
  });
});

describe("count windows", () => {
  it("API-3 of size, and of size and slide, per key and over all", () => {
    const sum = (a: number, b: number) => a + b;
    const keyed = (env: StreamExecutionEnvironment) =>
      env
        .fromSequence(1, 7)
        .setParallelism(1)
        .keyBy(() => 0);
    expect(printed((env) => keyed(env).countWindow(3).reduce(sum).print())).toEqual(["6", "15"]);
    expect(printed((env) => keyed(env).countWindow(3, 2).reduce(sum).print())).toEqual(["3", "9", "15"]);
    const all = (env: StreamExecutionEnvironment) => env.fromSequence(1, 7).setParallelism(1);
    expect(printed((env) => all(env).countWindowAll(3).reduce(sum).print())).toEqual(["6", "15"]);
    expect(printed((env) => all(env).countWindowAll(2, 1).reduce(sum).print())).toEqual(["1", "3", "5", "7", "9", "11", "13"]);
  });
});

describe("fullWindowPartition", () => {
  class Mean implements AggregateFunction<number, { sum: number; n: number }, number> {
    createAccumulator = () => ({ sum: 0, n: 0 });
    add = (value: number, { sum, n }: { sum: number; n: number }) => ({ sum: sum + value, n: n + 1 });
    getResult = ({ sum, n }: { sum: number; n: number }) => sum / n;
    merge = (a: { sum: number; n: number }, b: { sum: number; n: number }) => ({ sum: a.sum + b.sum, n: a.n + b.n });
  }
  const numbers = (env: StreamExecutionEnvironment) => env.fromData(3, 1, 4, 1, 5);

  it("API-4 maps, sorts and folds a subtask's records when the input has ended", () => {
    const partition = (env: StreamExecutionEnvironment) => numbers(env).fullWindowPartition();
    expect(
      printed((env) => {
        partition(env)
          .mapPartition<string>((values, out) => out.collect([...values].join("")))
          .print();
      }),
    ).toEqual(["31415"]);
    expect(printed((env) => partition(env).sortPartition("*", Order.ASCENDING).print())).toEqual(["1", "1", "3", "4", "5"]);
    expect(
      printed((env) =>
        partition(env)
          .sortPartition((value) => -value, Order.ASCENDING)
          .print(),
      ),
    ).toEqual(["5", "4", "3", "1", "1"]);
    expect(
      printed((env) =>
        partition(env)
          .reduce((a, b) => a + b)
          .print(),
      ),
    ).toEqual(["14"]);
    expect(printed((env) => partition(env).aggregate(new Mean()).print())).toEqual(["2.8"]);
  });

  it("API-4 does the same per key behind keyBy", () => {
    const keyed = (env: StreamExecutionEnvironment) =>
      numbers(env)
        .keyBy((value) => value % 2)
        .fullWindowPartition();
    const lines = (describeJob: (env: StreamExecutionEnvironment) => void) => [...printed(describeJob)].sort();
    expect(
      lines((env) =>
        keyed(env)
          .reduce((a, b) => a + b)
          .print(),
      ),
    ).toEqual(["10", "4"]);
    expect(lines((env) => keyed(env).aggregate(new Mean()).print())).toEqual(["2.5", "4"]);
    const sortedLines = printed((env) => keyed(env).sortPartition("*", Order.DESCENDING).print());
    expect(sortedLines.filter((line) => line !== "4")).toEqual(["5", "3", "1", "1"]);
  });

  it("API-4 is as parallel as its input, and mapPartition is a task of its own", () => {
    const { vertices } = graphOf((env) => {
      env.setParallelism(2);
      const partition = env.fromSequence(1, 9).setParallelism(3).fullWindowPartition();
      partition.mapPartition(() => undefined).sinkTo(new DiscardingSink());
      partition.reduce((a) => a).sinkTo(new DiscardingSink());
    });
    expect(vertices.map(({ name, parallelism }) => `${name} ×${parallelism}`)).toEqual([
      "Source: Sequence Source -> PartitionReduce ×3",
      "MapPartition ×3",
      "Sink: Writer ×2",
      "Sink: Writer ×2",
    ]);
  });
});

describe("settings of operators", () => {
  it("API-5 the environment's parallelism counts as it is when an operator is added", () => {
    const { vertices } = graphOf((env) => {
      env.setParallelism(2);
      const mapped = env.fromSequence(1, 9).map((value) => value);
      env.setParallelism(4);
      mapped.sinkTo(new DiscardingSink());
    });
    expect(vertices.map(({ parallelism }) => parallelism)).toEqual([2, 4]);
  });

  it("API-5 assignTimestampsAndWatermarks is as parallel as its input", () => {
    const { vertices } = graphOf((env) => {
      env.setParallelism(2);
      env
        .fromData(1, 2)
        .assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<number>())
        .map((value) => value)
        .sinkTo(new DiscardingSink());
    });
    expect(vertices.map(({ name, parallelism }) => `${name} ×${parallelism}`)).toEqual([
      "Source: Collection Source -> Timestamps/Watermarks ×1",
      "Map -> Sink: Writer ×2",
    ]);
  });

  it("API-5 what must not be parallel cannot be made so", () => {
    const all = (env: StreamExecutionEnvironment) =>
      env
        .fromSequence(1, 2)
        .windowAll(GlobalWindows.createWithEndOfStreamTrigger())
        .reduce((a) => a);
    expect(refusal((env) => all(env).setParallelism(2))).toContain("JOB_NON_PARALLEL_OPERATOR");
    expect(refusal((env) => all(env).setMaxParallelism(2))).toContain("JOB_NON_PARALLEL_OPERATOR");
    expect(refusal((env) => env.fromSequence(1, 2).forceNonParallel().setParallelism(3))).toContain("JOB_NON_PARALLEL_OPERATOR");
    expect(refusal((env) => all(env).setParallelism(1))).toBe("accepted");
  });

  it("API-5 refuses numbers out of range in Flink's bounds", () => {
    const map = (env: StreamExecutionEnvironment) => env.fromSequence(1, 2).map((value) => value);
    expect(refusal((env) => map(env).setParallelism(0))).toContain("JOB_BAD_NUMBER");
    expect(refusal((env) => map(env).setMaxParallelism(32_769))).toContain("JOB_BAD_NUMBER");
    expect(refusal((env) => env.setMaxParallelism(0))).toContain("JOB_BAD_NUMBER");
    expect(refusal((env) => map(env).setBufferTimeout(-2))).toContain("JOB_BAD_NUMBER");
    expect(refusal((env) => env.setBufferTimeout(-1))).toBe("accepted");
  });

  it("API-6 setUidHash says where older state is, and leaves the id alone", () => {
    const hash = "00112233445566778899aabbccddeeff";
    const { vertices } = graphOf((env) => {
      env
        .fromSequence(1, 2)
        .map((value) => value)
        .setUidHash(hash)
        .print();
    });
    expect(vertices[0].operators.find(({ name }) => name === "Map")?.id).not.toBe(hash);
    expect(refusal((env) => env.fromSequence(1, 2).setUidHash("xyz"))).toContain("Node hash must be a 32 character String");
    expect(refusal((env) => env.fromSequence(1, 2).sinkTo(new DiscardingSink()).setUidHash(hash))).toContain("non-legacy sink");
  });

  it("API-6 a job without automatic ids wants a uid on every operator", () => {
    const build = (env: StreamExecutionEnvironment) => {
      env.getConfig().disableAutoGeneratedUIDs();
      env.fromSequence(1, 2).uid("source").print();
    };
    expect(() => graphOf(build)).toThrow("Auto generated UIDs have been disabled but no UID or hash has been assigned to operator");
    expect(() =>
      graphOf(
        (env) =>
          void env
            .configure(Configuration.fromMap({ "pipeline.auto-generate-uids": "false" }))
            .fromSequence(1, 2)
            .print(),
      ),
    ).toThrow("Auto generated UIDs");
  });

  it("GR-5 slot sharing groups are one by name, however large", () => {
    const group = (cpu: number) => SlotSharingGroup.newBuilder("g").setCpuCores(cpu).setTaskHeapMemoryMB(10).build();
    const map = (env: StreamExecutionEnvironment) => env.fromSequence(1, 2).map((value) => value);
    expect(refusal((env) => map(env).slotSharingGroup(group(1)).map(String).slotSharingGroup(group(2)))).toContain(
      "two different resource spec",
    );
    expect(refusal((env) => map(env).slotSharingGroup(group(1)).map(String).slotSharingGroup("g"))).toBe("accepted");
    expect(refusal(() => SlotSharingGroup.newBuilder("g").setCpuCores(1).build())).toContain("cpu cores and task heap memory are required");
    expect(group(1).equals(group(1))).toBe(true);
  });

  it("GR-5 each group needs slots of its own; too few are refused before anything runs", () => {
    const job = (env: StreamExecutionEnvironment) => {
      env.setParallelism(3);
      env
        .fromSequence(1, 9)
        .map((value) => value)
        .slotSharingGroup("heavy")
        .sinkTo(new DiscardingSink());
    };
    const cluster = (slotsPerTaskManager: number) => ({ taskManagers: 2, slotsPerTaskManager, parallelism: 1 });
    const outcome = runJob(job, { cluster: cluster(2) });
    expect(outcome.failure).toMatchObject({ code: "GRAPH_NOT_ENOUGH_SLOTS" });
    expect(outcome.failure?.diagnostic?.found).toBe('the job needs 6 slots: 3 for group "default", 3 for group "heavy"');
    expect(runJob(job, { cluster: cluster(3) }).status).toBe("finished");
  });
});

describe("settings of the job", () => {
  it("API-7 can be read back under Flink's names", () => {
    const env = StreamExecutionEnvironment.createLocalEnvironment(3).setMaxParallelism(64).setBufferTimeout(0).disableOperatorChaining();
    expect([env.getParallelism(), env.getMaxParallelism(), env.getBufferTimeout(), env.isChainingEnabled()]).toEqual([3, 64, 0, false]);
    const fresh = StreamExecutionEnvironment.getExecutionEnvironment();
    expect([fresh.getMaxParallelism(), fresh.getBufferTimeout(), fresh.isChainingEnabled()]).toEqual([-1, 100, true]);
    const config = fresh.getConfig().enableObjectReuse().setAutoWatermarkInterval(Duration.ofSeconds(1));
    config.setGlobalJobParameters({ input: "clicks" });
    expect([config.isObjectReuseEnabled(), config.getAutoWatermarkInterval(), config.getGlobalJobParameters()]).toEqual([
      true,
      1000,
      { input: "clicks" },
    ]);
  });

  it("API-7 options have types and defaults, and read what configuration files say", () => {
    const gap = ConfigOptions.key("clicks.gap").durationType().defaultValue(Duration.ofMinutes(5));
    const configuration = Configuration.fromMap({ "clicks.gap": "90 s", "parallelism.default": "3", "pipeline.object-reuse": "TRUE" });
    expect(configuration.get(gap)?.toMillis()).toBe(90_000);
    expect(new Configuration().get(gap)?.toMillis()).toBe(300_000);
    expect(configuration.get(CoreOptions.DEFAULT_PARALLELISM)).toBe(3);
    expect(configuration.get(PipelineOptions.OBJECT_REUSE)).toBe(true);
    expect([configuration.contains(gap), configuration.removeConfig(gap), configuration.contains(gap)]).toEqual([true, true, false]);
    expect(configuration.get(gap, Duration.ZERO)).toBe(Duration.ZERO);
    const other = new Configuration().set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofSeconds(1)).set(CoreOptions.DEFAULT_PARALLELISM, 2);
    configuration.addAll(other);
    expect(configuration.toMap()).toEqual({
      "parallelism.default": "2",
      "pipeline.object-reuse": "TRUE",
      "execution.buffer-timeout.interval": "1000 ms",
    });
    expect(() => Configuration.fromMap({ "parallelism.default": "many" }).get(CoreOptions.DEFAULT_PARALLELISM)).toThrow(
      'Could not parse value "many" for key "parallelism.default".',
    );
    const env = StreamExecutionEnvironment.getExecutionEnvironment(
      configuration.setString("pipeline.global-job-parameters", "input:clicks, day: monday"),
    );
    expect([env.getParallelism(), env.getBufferTimeout(), env.getConfig().getGlobalJobParameters()]).toEqual([
      2,
      1000,
      { input: "clicks", day: "monday" },
    ]);
  });

  it("API-7 global job parameters reach every rich function", () => {
    class Greet extends RichMapFunction<number, string> {
      override map(value: number): string {
        return `${this.getRuntimeContext().getGlobalJobParameters()["greeting"]} ${value}`;
      }
    }
    expect(
      printed((env) => {
        env.getConfig().setGlobalJobParameters({ greeting: "hello" });
        env.fromData(1).map(new Greet()).print();
      }),
    ).toEqual(["hello 1"]);
  });

  it("API-7 a ParameterTool reads arguments as Flink does", () => {
    const tool = ParameterTool.fromArgs(["--input", "clicks", "-n", "-3", "--verbose", "--rate", "1.5"]);
    expect(tool.toMap()).toEqual({ input: "clicks", n: "-3", verbose: "__NO_VALUE_KEY", rate: "1.5" });
    expect([tool.getInt("n"), tool.getDouble("rate"), tool.get("none", "x"), tool.getInt("none", 7), tool.has("verbose")]).toEqual([
      -3,
      1.5,
      "x",
      7,
      true,
    ]);
    expect(refusal(() => tool.getRequired("output"))).toBe("JOB_BAD_PARAMETER: No data for required key 'output'");
    expect(refusal(() => tool.getInt("rate"))).toContain('For input string: "1.5"');
    expect(refusal(() => ParameterTool.fromArgs(["clicks"]))).toContain("Please prefix keys with -- or -.");
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.getConfig().setGlobalJobParameters(tool);
    expect(env.getConfig().getGlobalJobParameters()["input"]).toBe("clicks");
  });

  it("API-7 different max parallelisms break chains only when the job says so", () => {
    const build = (chained: boolean) => (env: StreamExecutionEnvironment) => {
      env.configure(
        Configuration.fromMap({ "pipeline.operator-chaining.chain-operators-with-different-max-parallelism": String(chained) }),
      );
      env
        .fromSequence(1, 2)
        .map((value) => value)
        .setMaxParallelism(16)
        .sinkTo(new DiscardingSink());
    };
    expect(graphOf(build(true)).vertices.length).toBe(1);
    expect(graphOf(build(false)).vertices.length).toBe(3);
  });

  it("GR-8 batch mode: AUTOMATIC looks at the sources", () => {
    const build = (mode: RuntimeExecutionMode) => (env: StreamExecutionEnvironment) => {
      env.setRuntimeMode(mode);
      env
        .fromSequence(1, 2)
        .keyBy((value) => value)
        .reduce((a) => a)
        .sinkTo(new DiscardingSink());
    };
    expect(graphOf(build(RuntimeExecutionMode.AUTOMATIC)).edges[0].exchange).toBe("BLOCKING");
    expect(graphOf(build(RuntimeExecutionMode.STREAMING)).edges[0].exchange).toBe("PIPELINED_BOUNDED");
    expect(runJob(build(RuntimeExecutionMode.BATCH), {}).status).toBe("finished");
    expect(refusal((env) => env.setRuntimeMode("FAST" as RuntimeExecutionMode))).toContain("execution.runtime-mode");
  });
});

describe("what Flink 2 took away", () => {
  it("API-8 is not there", () => {
    const gone = [
      [DataStream, "iterate", "split", "timeWindowAll", "writeAsText", "writeAsCsv", "keyByName"],
      [KeyedStream, "timeWindow", "fold", "asQueryableState"],
      [StreamExecutionEnvironment, "readTextFile", "createInput", "setStreamTimeCharacteristic"],
    ] as const;
    for (const [type, ...names] of gone) {
      for (const name of names) expect(name in type.prototype, `${type.name}.${name}`).toBe(false);
    }
  });

  it("API-8 keyBy by position or field name is refused with the way it is done now", () => {
    const keyBy = (key: unknown) =>
      refusal((env) => env.fromData(Tuple2.of("a", 1)).keyBy(key as (value: Tuple2<string, number>) => string));
    expect(keyBy(0)).toBe("JOB_KEY_BY_FIELD: keyBy(0) was removed in Flink 2.0: keys are taken out of records by a function.");
    expect(keyBy("f0")).toContain("JOB_KEY_BY_FIELD");
  });
});

describe("types", () => {
  it("API-9 follow the stream", () => {
    const check = (env: StreamExecutionEnvironment): void => {
      const pairs = env.fromData(1, 2).map((value) => Tuple2.of(String(value), value));
      expectTypeOf(pairs).toExtend<SingleOutputStreamOperator<Tuple2<string, number>>>();
      expectTypeOf(pairs.returns(Types.TUPLE(Types.STRING, Types.INT))).toExtend<DataStream<Tuple2<string, number>>>();
      expectTypeOf(pairs.union(pairs, pairs)).toExtend<DataStream<Tuple2<string, number>>>();
      expectTypeOf(pairs.keyBy((pair) => pair.f0)).toExtend<KeyedStream<Tuple2<string, number>, string>>();
      expectTypeOf(pairs.windowAll(TumblingEventTimeWindows.of(Duration.ofSeconds(1))).sum(1)).toExtend<
        DataStream<Tuple2<string, number>>
      >();
      expectTypeOf(pairs.print()).toEqualTypeOf<DataStreamSink<Tuple2<string, number>>>();
    };
    expect(check).toBeTypeOf("function");
  });
});
