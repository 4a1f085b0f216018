/** API-6: operator ids, digit for digit as Flink 2.3 made them for the same programs. */
import { describe, expect, it } from "vitest";
import {
  type DataStream,
  DiscardingSink,
  datastreamProgram,
  NumberSequenceSource,
  OutputTag,
  ProcessFunction,
  type Sink,
  type SingleOutputStreamOperator,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../src/index.ts";
import { jobGraphOf } from "../../src/sim.ts";

class Nothing extends ProcessFunction<string, string> {
  processElement(): void {}
}

const COMMITTING = { createWriter() {}, createCommitter() {} } as unknown as Sink<string>;

function source(env: StreamExecutionEnvironment, name: string): SingleOutputStreamOperator<string> {
  return env.fromSource(new NumberSequenceSource(0, 9), WatermarkStrategy.noWatermarks<number>(), name).map(String).name(`${name}$str`);
}

function idsOf(describeJob: (env: StreamExecutionEnvironment) => DataStream<string> | undefined): Readonly<Record<string, string>> {
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment().setParallelism(2);
    describeJob(env);
    env.execute("ids");
  });
  return Object.fromEntries(jobGraphOf(program).vertices.flatMap(({ operators }) => operators.map(({ name, id }) => [name, id])));
}

describe("operator ids", () => {
  it("API-6 of a line, with and without uids", () => {
    const ids = idsOf((env) => {
      source(env, "src")
        .map((value) => value)
        .name("a")
        .uid("my-a")
        .keyBy((value) => value)
        .reduce((a) => a)
        .name("r")
        .sinkTo(new DiscardingSink())
        .name("out")
        .uid("sink");
      return undefined;
    });
    expect(ids).toEqual({
      "Source: src": "cbc357ccb763df2852fee8c4fc7d55f2",
      src$str: "570f707193e0fe32f4d86d067aba243b",
      a: "f4fb65be396cadf764342efc1e932960",
      r: "81ae7340fdce84baf512699f75c6a02b",
      "out: Writer": "2e588ce1c86a9d46e2e85186773ce4fd",
    });
  });

  it("API-6 of unions, side outputs, two inputs, committers and prints", () => {
    const ids = idsOf((env) => {
      const s = source(env, "s1");
      const t = source(env, "s2").setParallelism(3);
      const u = s.union(t).process(new Nothing()).name("p");
      u.getSideOutput(new OutputTag<string>("late"))
        .broadcast()
        .map((value) => value)
        .name("lm")
        .sinkTo(new DiscardingSink())
        .name("o1");
      s.connect(u)
        .map({ map1: (value: string) => value, map2: (value: string) => value })
        .name("co")
        .sinkTo(COMMITTING)
        .name("o2");
      u.print();
      u.printToErr("id");
      return undefined;
    });
    expect(ids).toEqual({
      "Source: s1": "cbc357ccb763df2852fee8c4fc7d55f2",
      s1$str: "2be4fe38b4ce63aa5bffc06b65e24e03",
      "Source: s2": "feca28aff5a3958840bee985ee7de4d3",
      s2$str: "798f7268aeb5fde00858b7c9723d65f1",
      p: "9b21ac2b14d64757bcf5a3031a9cdc25",
      lm: "5ae1465c1d82bbdb1a8e7546e4277825",
      "o1: Writer": "80f19010076a43879d9fd193af2bdf4f",
      co: "7859c8ad931def347cb8271092414212",
      "o2: Writer": "3d28abfe92b68d6d8c9cff9e524fe902",
      "o2: Committer": "6e74ed4441d5e73dc54c37ddc71faae6",
      "Sink: Print to Std. Out": "dc10b21d5afbe40c65d21bc85676d57f",
      "Sink: Print to Std. Err": "6fe2865cdc90bd2d97bb2a70dccfaaf6",
    });
  });

  it("API-6 of a diamond", () => {
    const ids = idsOf((env) => {
      const s = source(env, "src");
      const x = s.map((value) => value).name("x");
      const y = s.map((value) => value).name("y");
      const z = x.map((value) => value).name("z");
      y.union(z)
        .map((value) => value)
        .name("u")
        .keyBy((value) => value)
        .reduce((a) => a)
        .name("r")
        .print();
      return undefined;
    });
    expect(ids).toEqual({
      "Source: src": "cbc357ccb763df2852fee8c4fc7d55f2",
      src$str: "8b66bce9f80f19736cb554745e27f15e",
      x: "66298503c7217e1e8d040265110f5612",
      y: "0c23e62ea319711b24530a38c267707c",
      z: "d6ba6a0e3e8c51127f88884ddf062905",
      u: "055c8b8de8c48081a86fc64305bd5ae0",
      r: "c49c61fae1907c0d0e141006fb06fee0",
      "Sink: Print to Std. Out": "83ad7fccafbddf56d733a8cdb7ecf7ba",
    });
  });

  it("API-6 without chaining, and of uids beyond ASCII", () => {
    expect(
      idsOf((env) => {
        env.disableOperatorChaining();
        source(env, "src").sinkTo(COMMITTING).name("o").uid("söme-ünïcode-uid-longer-than-16");
        return undefined;
      }),
    ).toEqual({
      "Source: src": "bc764cd8ddf7a0cff126f51c16239658",
      src$str: "0a448493b4782967b150582570326227",
      "o: Writer": "9cff806fea21080495410f42086863b3",
      "o: Committer": "da617d981b4c22c1d4e6e91954d83438",
    });
  });

  it("API-6 change with what is chained behind, unless there is a uid", () => {
    const build = (more: boolean, uid: boolean) =>
      idsOf((env) => {
        const mapped = source(env, "src")
          .map((value) => value)
          .name("a");
        if (uid) mapped.uid("a");
        mapped.print();
        if (more) mapped.printToErr();
        return undefined;
      })["a"];
    expect(build(true, false)).not.toBe(build(false, false));
    expect(build(true, true)).toBe(build(false, true));
  });
});
