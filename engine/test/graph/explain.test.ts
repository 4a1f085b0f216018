/** The two faces of a job's plan: text for people, and Flink's JSON. */
import { describe, expect, it } from "vitest";
import {
  DiscardingSink,
  Duration,
  datastreamProgram,
  NumberSequenceSource,
  OutputTag,
  ProcessWindowFunction,
  SlotSharingGroup,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "../../src/index.ts";
import { explainJob } from "../../src/sim.ts";

const numbers = (env: StreamExecutionEnvironment, name: string) =>
  env.fromSource(new NumberSequenceSource(0, 9), WatermarkStrategy.noWatermarks<number>(), name);

function environment(): StreamExecutionEnvironment {
  return StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(2);
}

describe("explain", () => {
  it("GR-7 shows stream graph, chains, edges, ids and slots", () => {
    const job = datastreamProgram(() => {
      const env = environment();
      const heavy = SlotSharingGroup.newBuilder("heavy").setCpuCores(1).setTaskHeapMemoryMB(64).build();
      const doubled = numbers(env, "numbers")
        .uid("numbers")
        .map((value) => value * 2)
        .uid("double")
        .setDescription("times two");
      const late = doubled.getSideOutput(new OutputTag<number>("late"));
      doubled
        .keyBy((value) => value % 10)
        .reduce((a, b) => a + b)
        .setMaxParallelism(64)
        .slotSharingGroup(heavy)
        .sinkTo(new DiscardingSink<number>())
        .name("sums");
      late.rebalance().print();
      doubled.print("all");
      env.enableCheckpointing(1000);
      env.execute("explained");
    });
    expect(explainJob(job).replace(/id [0-9a-f]{32}/g, "id …")).toBe(
      `Job "explained": STREAMING, parallelism 2, chaining on, checkpoints every 1000 ms, EXACTLY_ONCE

== Stream graph ==
  1: Source: numbers, parallelism 2
  2: times two, parallelism 2, reads 1 by FORWARD
  3: Keyed Reduce, parallelism 2, reads 2 by HASH
  4: sums: Writer, parallelism 2, reads 3 by FORWARD
  5: Sink: Print to Std. Out, parallelism 2, reads 2 by REBALANCE
  6: Sink: Print to Std. Out, parallelism 2, reads 2 by FORWARD

== Job graph ==
Vertex 0: Source: numbers -> Map -> Sink: Print to Std. Out
  parallelism 2, max parallelism 128, slot sharing group default
  Source: numbers   [uid numbers, id …]
  +- times two   [uid double, id …]
     +- Sink: Print to Std. Out   [id …]
Vertex 1: Keyed Reduce -> sums: Writer
  parallelism 2, max parallelism 64, slot sharing group heavy
  Keyed Reduce   [id …]
  +- sums: Writer   [id …]
  reads vertex 0 by HASH (all to all)
Vertex 2: Sink: Print to Std. Out
  parallelism 2, max parallelism 128, slot sharing group default
  Sink: Print to Std. Out   [id …]
  reads vertex 0 by REBALANCE (all to all), side output "late"

Slots: 4 (2 for group default, 2 for group heavy)
`,
    );
    expect(explainJob(job)).toBe(explainJob(job));
  });

  it("GR-7 describes windows as Flink does", () => {
    class CountClicks extends ProcessWindowFunction<number, number, number, TimeWindow> {
      process(): void {}
    }
    const env = environment();
    const keyed = numbers(env, "numbers").keyBy((value) => value % 2);
    keyed
      .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
      .process(new CountClicks())
      .print();
    keyed
      .countWindow(3, 1)
      .reduce((a) => a)
      .print();
    keyed
      .countWindow(3)
      .reduce((a) => a)
      .print();
    const { nodes } = JSON.parse(env.getExecutionPlan()) as { nodes: { type: string; contents: string }[] };
    expect(nodes.filter(({ type }) => type.endsWith("Windows")).map(({ contents }) => contents)).toEqual([
      "Window(TumblingEventTimeWindows(60000), EventTimeTrigger, CountClicks)",
      "Window(GlobalWindows(trigger=NeverTrigger), CountTrigger, CountEvictor)",
      "Window(GlobalWindows(trigger=NeverTrigger), PurgingTrigger)",
    ]);
  });

  it("GR-7 draws branches of a chain as Flink does", () => {
    const job = datastreamProgram(() => {
      const env = environment();
      const source = numbers(env, "numbers");
      source
        .map((value) => value)
        .name("a")
        .print();
      source.print();
      env.execute();
    });
    expect(explainJob(job)).toMatch(
      / {2}Source: numbers .*\n {2}:- a .*\n {2}: {2}\+- Sink: Print to Std\. Out .*\n {2}\+- Sink: Print to Std\. Out/,
    );
  });
});

describe("execution plan", () => {
  it("GR-7 has Flink's layout, byte for byte", () => {
    const env = environment();
    numbers(env, "src")
      .map(String)
      .name("text")
      .keyBy((text) => text)
      .reduce((a) => a)
      .name("r")
      .setDescription("described")
      .sinkTo(new DiscardingSink<string>())
      .name("out");
    // As recorded from Flink 2.3's getExecutionPlan(), but for the ids, which count all transformations of a JVM there.
    expect(env.getExecutionPlan()).toBe(`{
  "nodes" : [ {
    "id" : 1,
    "type" : "Source: src",
    "pact" : "Data Source",
    "contents" : "Source: src",
    "parallelism" : 2
  }, {
    "id" : 2,
    "type" : "text",
    "pact" : "Operator",
    "contents" : "text",
    "parallelism" : 2,
    "predecessors" : [ {
      "id" : 1,
      "ship_strategy" : "FORWARD",
      "side" : "second"
    } ]
  }, {
    "id" : 3,
    "type" : "r",
    "pact" : "Operator",
    "contents" : "described",
    "parallelism" : 2,
    "predecessors" : [ {
      "id" : 2,
      "ship_strategy" : "HASH",
      "side" : "second"
    } ]
  }, {
    "id" : 4,
    "type" : "out: Writer",
    "pact" : "Operator",
    "contents" : "out: Writer",
    "parallelism" : 2,
    "predecessors" : [ {
      "id" : 3,
      "ship_strategy" : "FORWARD",
      "side" : "second"
    } ]
  } ]
}`);
  });

  it("GR-7 lists sinks that are one operator last, and leaves out sources that nobody reads", () => {
    const env = environment();
    numbers(env, "unused");
    const source = numbers(env, "src");
    source.print();
    source.map((value) => value);
    const { nodes } = JSON.parse(env.getExecutionPlan()) as { nodes: { type: string; pact: string }[] };
    expect(nodes.map(({ type, pact }) => `${pact}: ${type}`)).toEqual([
      "Data Source: Source: src",
      "Operator: Map",
      "Data Sink: Sink: Print to Std. Out",
    ]);
  });

  it("refuses a program without operators in Flink's words", () => {
    expect(() => environment().getExecutionPlan()).toThrow("No operators defined in streaming topology. Cannot execute.");
  });
});
