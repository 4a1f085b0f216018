import { describe, expect, it } from "vitest";
import {
  $,
  call,
  lit,
  type RetractableCollector,
  Row,
  type RowCollector,
  ScalarFunction,
  type StreamTableEnvironment,
  type Table,
  TableAggregateFunction,
  Tumble,
} from "../../src/index.ts";
import { changelog, runProgram } from "./table-runner.ts";

class Top2 extends TableAggregateFunction<Row, number[]> {
  static functionHint = { input: ["INT"], output: "ROW<v INT, place INT>" };
  createAccumulator(): number[] {
    return [];
  }
  accumulate(top: number[], v: number): void {
    top.push(v);
    top.sort((a, b) => b - a);
  }
  override retract(top: number[], v: number): void {
    top.splice(top.indexOf(v), 1);
  }
  override merge(top: number[], others: Iterable<number[]>): void {
    for (const other of others) top.push(...other);
    top.sort((a, b) => b - a);
  }
  override emitValue(top: number[], out: RowCollector<Row>): void {
    top.slice(0, 2).forEach((v, i) => {
      out.collect(Row.of(v, i + 1));
    });
  }
}

/** Says what has changed: nothing when the largest stays. */
class Largest extends TableAggregateFunction<number, { value: number; before: number | null }> {
  static functionHint = { input: ["INT"], output: "INT" };
  createAccumulator(): { value: number; before: number | null } {
    return { value: Number.NEGATIVE_INFINITY, before: null };
  }
  accumulate(acc: { value: number }, v: number): void {
    acc.value = Math.max(acc.value, v);
  }
  override emitUpdateWithRetract(acc: { value: number; before: number | null }, out: RetractableCollector<number>): void {
    if (acc.before === acc.value) return;
    if (acc.before !== null) out.retract(acc.before);
    out.collect(acc.value);
    acc.before = acc.value;
  }
}

class Mute extends TableAggregateFunction<number, object> {
  static functionHint = { input: ["INT"], output: "INT" };
  createAccumulator(): object {
    return {};
  }
  accumulate(): void {}
}

class Plain extends ScalarFunction {
  static functionHint = { input: ["INT"], output: "INT" };
  eval(n: number): number {
    return n;
  }
}

const clicks = (t: StreamTableEnvironment): Table => t.from("clicks").where($("uid").isNotNull());

describe("table aggregate functions", () => {
  it.each<[string, (t: StreamTableEnvironment) => Table, readonly string[]]>([
    [
      "over groups: what was emitted is taken back",
      (t) =>
        clicks(t)
          .where($("uid").isEqual("ann"))
          .groupBy($("uid"))
          .flatAggregate(call(Top2, $("n")))
          .select($("uid"), $("v"), $("place")),
      [
        "+I[ann, 3, 1]",
        "-D[ann, 3, 1]",
        "+I[ann, 5, 1]",
        "+I[ann, 3, 2]",
        "-D[ann, 5, 1]",
        "-D[ann, 3, 2]",
        "+I[ann, 5, 1]",
        "+I[ann, 3, 2]",
      ],
    ],
    [
      "over the whole table, with other names",
      (t) =>
        t
          .from("clicks")
          .where($("n").isLess(3))
          .flatAggregate(call(Top2, $("n")).as("a", "b"))
          .select($("a").plus(1), $("b")),
      ["+I[2, 1]", "-D[2, 1]", "+I[2, 1]", "+I[2, 2]", "-D[2, 1]", "-D[2, 2]", "+I[3, 1]", "+I[2, 2]"],
    ],
    [
      "that says what has changed",
      (t) =>
        clicks(t)
          .groupBy($("uid"))
          .flatAggregate(call(Largest, $("n")).as("m"))
          .select($("uid"), $("m")),
      ["+I[ann, 3]", "+I[bob, 1]", "-D[ann, 3]", "+I[ann, 5]"],
    ],
    [
      "over a changelog",
      (t) =>
        clicks(t)
          .where($("uid").isEqual("bob"))
          .groupBy($("uid"))
          .select($("n").sum().as("s"))
          .flatAggregate(call(Top2, $("s")))
          .select($("v")),
      ["+I[1]", "-D[1]", "+I[2]"],
    ],
    [
      "over windows: once",
      (t) =>
        clicks(t)
          .window(Tumble.over(lit(10).minutes()).on($("ts")).as("w"))
          .groupBy($("w"), $("uid"))
          .flatAggregate(call(Top2, $("n")))
          .select($("uid"), $("v"), $("place"), $("w").end().extract("MINUTE").as("m")),
      ["+I[ann, 5, 1, 10]", "+I[ann, 3, 2, 10]", "+I[bob, 1, 1, 10]", "+I[ann, 2, 1, 20]", "+I[bob, 1, 1, 20]"],
    ],
  ])("%s", (_, build, expected) => {
    const lines = changelog(build);
    expect(_.startsWith("over windows") ? [...lines].sort() : lines).toEqual(
      _.startsWith("over windows") ? [...expected].sort() : expected,
    );
  });

  it("explain themselves", () => {
    let text = "";
    runProgram((t) => {
      text = clicks(t)
        .groupBy($("uid"))
        .flatAggregate(call(Top2, $("n")))
        .select($("uid"), $("v"), $("place"))
        .explain();
      void clicks(t).execute();
    });
    expect(text).toContain("LogicalTableAggregate(group=[{0}], tableAggregate=[[Top2($1)]])");
    expect(text).toContain("GroupTableAggregate(groupBy=[uid], select=[uid, Top2(n) AS (v, place)])");
  });

  it.each<[string, (t: StreamTableEnvironment) => Table, RegExp]>([
    [
      "no emitValue",
      (t) =>
        clicks(t)
          .flatAggregate(call(Mute, $("n")))
          .select($("f0")),
      /does not implement a method named 'emitValue'/,
    ],
    [
      "another kind of function",
      (t) =>
        clicks(t)
          .flatAggregate(call(Plain, $("n")))
          .select($("f0")),
      /wants a call of a table aggregate function/,
    ],
    [
      "arguments that do not fit",
      (t) =>
        clicks(t)
          .flatAggregate(call(Top2, $("uid")))
          .select($("v")),
      /Invalid argument type at position 0/,
    ],
  ])("refuse %s", (_, build, message) => {
    expect(() => changelog(build)).toThrow(message);
  });
});
