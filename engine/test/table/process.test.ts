import { describe, expect, it } from "vitest";
import {
  $,
  ChangelogMode,
  descriptor,
  lit,
  type ListView,
  type MapView,
  type ProcessTableContext,
  type ProcessTableOnTimerContext,
  ProcessTableFunction,
  Row,
  RowKind,
  type StreamTableEnvironment,
  type Table,
} from "../../src/index.ts";
import { changelog, runProgram } from "./table-runner.ts";

class Greeter extends ProcessTableFunction<string> {
  static functionHint = {
    arguments: [
      { name: "input", traits: ["SET_SEMANTIC_TABLE"] as const },
      { name: "word", type: "STRING", isOptional: true },
    ],
    state: [{ name: "seen", initial: () => ({ count: 0 }) }],
    output: "STRING",
  };
  eval(_context: ProcessTableContext, seen: { count: number }, input: Row, word: string | null): void {
    seen.count++;
    this.collect(`${word ?? "hello"} ${input.getField("uid")} ${seen.count}`);
  }
}

class Thresholds extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [
      { name: "rows", traits: ["ROW_SEMANTIC_TABLE", "PASS_COLUMNS_THROUGH"] as const, type: "ROW<id STRING, amount BIGINT>" },
      { name: "threshold", type: "INT" },
    ],
    output: "ROW<surplus BIGINT>",
  };
  eval(_context: ProcessTableContext, row: Row, threshold: number): void {
    const surplus = row.getFieldAs<number>("amount") - threshold;
    if (surplus > 0) this.collect(Row.of(surplus));
  }
}

/** Says a minute after the last row of a key how many there were. */
class Quiet extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE", "REQUIRE_ON_TIME"] as const }],
    state: [
      { name: "numbers", type: "ARRAY<INT>", view: true },
      { name: "times", type: "MAP<INT, TIMESTAMP_LTZ(3)>", view: true },
    ],
    output: "ROW<numbers STRING, last STRING>",
  };
  eval(context: ProcessTableContext, numbers: ListView<number>, times: MapView<number, Date>, input: Row): void {
    const n = input.getFieldAs<number>("n");
    numbers.add(n);
    times.put(n, input.getFieldAs<Date>("ts"));
    const time = context.timeContext();
    time.registerOnTime("quiet", time.time()! + 60_000);
  }
  override onTimer(context: ProcessTableOnTimerContext, numbers: ListView<number>, times: MapView<number, Date>): void {
    const last = Math.max(...[...times.values()].map((date) => date.getTime()));
    this.collect(Row.of(`${context.currentTimer()}: ${numbers.get().join("+")}`, String(last / 60_000)));
    context.clearAll();
  }
}

/** The latest row of both sides. */
class Pairs extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [
      { name: "l", traits: ["SET_SEMANTIC_TABLE"] as const },
      { name: "r", traits: ["SET_SEMANTIC_TABLE"] as const },
    ],
    state: [{ name: "last", type: "ROW<n INT, country STRING>" }],
    output: "ROW<n INT, country STRING>",
  };
  eval(_context: ProcessTableContext, last: Row, l: Row | null, r: Row | null): void {
    if (l !== null) last.setField("n", l.getField("n"));
    if (r !== null) last.setField("country", r.getField("country"));
    if (last.getField("n") !== null && last.getField("country") !== null)
      this.collect(Row.of(last.getField("n"), last.getField("country")));
  }
}

/** A sum by key, as upserts. */
class Sums extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE"] as const }],
    state: [{ name: "sum", initial: () => ({ value: null as number | null }) }],
    output: "ROW<total INT>",
  };
  override getChangelogMode(): ChangelogMode {
    return ChangelogMode.upsert();
  }
  eval(_context: ProcessTableContext, sum: { value: number | null }, input: Row): void {
    const kind = sum.value === null ? RowKind.INSERT : RowKind.UPDATE_AFTER;
    sum.value = (sum.value ?? 0) + input.getFieldAs<number>("n");
    this.collect(Row.ofKind(kind, sum.value));
  }
}

class WrongKind extends Sums {
  override getChangelogMode(): ChangelogMode {
    return ChangelogMode.insertOnly();
  }
}

class NoHint extends ProcessTableFunction {
  eval(): void {}
}

class BadTtl extends Greeter {
  static override functionHint = { ...Greeter.functionHint, state: [{ name: "seen", initial: () => ({ count: 0 }), ttl: "soon" }] };
}

class ShortMemory extends Greeter {
  static override functionHint = { ...Greeter.functionHint, state: [{ name: "seen", initial: () => ({ count: 0 }), ttl: "1 ms" }] };
}

const clicks = (t: StreamTableEnvironment): Table => t.from("clicks").where($("uid").isNotNull());

describe("process table functions in the Table API", () => {
  it.each<[string, (t: StreamTableEnvironment) => Table, readonly string[]]>([
    [
      "state by partition",
      (t) => clicks(t).partitionBy($("uid")).process(Greeter),
      ["+I[ann, hello ann 1]", "+I[bob, hello bob 1]", "+I[ann, hello ann 2]", "+I[bob, hello bob 2]", "+I[ann, hello ann 3]"],
    ],
    [
      "arguments by position, DEFAULT, uid",
      (t) => clicks(t).partitionBy($("uid")).process(Greeter, undefined, undefined, "greeter").where($("uid").isEqual("bob")),
      ["+I[bob, hello bob 1]", "+I[bob, hello bob 2]"],
    ],
    [
      "arguments by name",
      (t) => clicks(t).partitionBy($("uid")).process(Greeter, lit("hi").asArgument("word")).where($("uid").isEqual("bob")),
      ["+I[bob, hi bob 1]", "+I[bob, hi bob 2]"],
    ],
    [
      "a table as row, cast to the declared one, with all its columns",
      (t) => t.from("clicks").select($("uid"), $("n")).process(Thresholds, 2),
      ["+I[ann, 3, 1]", "+I[ann, 5, 3]", "+I[null, 7, 5]"],
    ],
    [
      "timers, views of lists and maps, the time of what comes out",
      (t) =>
        clicks(t)
          .partitionBy($("uid"))
          .process(Quiet, descriptor("ts").asArgument("on_time"))
          .select($("uid"), $("numbers"), $("last"), $("rowtime").extract("MINUTE")),
      ["+I[bob, quiet: 1+1, 11, 12]", "+I[ann, quiet: 3+5+2, 12, 13]"],
    ],
    [
      "the rowtime in a window",
      (t) => {
        t.createTemporaryView("quiet", clicks(t).partitionBy($("uid")).process(Quiet, descriptor("ts").asArgument("on_time")));
        return t.sqlQuery(
          "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE quiet, DESCRIPTOR(rowtime), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end",
        );
      },
      ["+I[2]"],
    ],
    [
      "changes as rows",
      (t) =>
        clicks(t)
          .groupBy($("uid"))
          .select($("uid"), $("n").max().as("m"))
          .toChangelog()
          .where($("uid").isEqual("ann"))
          .select($("op"), $("m")),
      ["+I[INSERT, 3]", "+I[UPDATE_BEFORE, 3]", "+I[UPDATE_AFTER, 5]"],
    ],
    [
      "rows as changes",
      (t) => t.fromValues(Row.of("INSERT", 1), Row.of("UPDATE_BEFORE", 1), Row.of("UPDATE_AFTER", 2)).as("op", "x").fromChangelog(),
      ["+I[1]", "-U[1]", "+U[2]"],
    ],
  ])("%s", (_, build, expected) => {
    expect(changelog(build)).toEqual(expected);
  });

  it("takes several tables, whose partitions meet", () => {
    const lines = changelog((t) => {
      const users = t.from("users");
      return t.fromCall(Pairs, clicks(t).partitionBy($("uid")).asArgument("l"), users.partitionBy($("name")).asArgument("r"));
    });
    expect(lines.filter((line) => line.startsWith("+I[ann")).at(-1)).toBe("+I[ann, ann, 2, DE]");
    expect(lines.filter((line) => line.startsWith("+I[bob")).at(-1)).toBe("+I[bob, bob, 1, US]");
    expect(lines.some((line) => line.includes("eve"))).toBe(false);
  });

  it("gives the same on both backends, with more subtasks", () => {
    const build = (t: StreamTableEnvironment): Table =>
      clicks(t).partitionBy($("uid")).process(Quiet, descriptor("ts").asArgument("on_time"));
    const calm = [...changelog(build)].sort();
    for (const backend of ["hashmap", "rocksdb"]) {
      const settings = { "state.backend.type": backend, "parallelism.default": "2" };
      expect([...changelog(build, { settings })].sort()).toEqual(calm);
    }
  });

  it("forgets state after its time to live", () => {
    const lines = changelog((t) => clicks(t).partitionBy($("uid")).process(ShortMemory), { costsUs: { "*": 5000 } });
    expect(lines.filter((line) => line.startsWith("+I[ann"))).toEqual(Array(3).fill("+I[ann, hello ann 1]"));
  });

  it("explains itself", () => {
    const lines: string[] = [];
    runProgram((t) => {
      lines.push(clicks(t).partitionBy($("uid")).process(Sums).explain("CHANGELOG_MODE"));
      void clicks(t).execute();
    });
    const [text] = lines;
    expect(text).toContain("LogicalTableFunctionScan(invocation=[Sums(TABLE(#0) PARTITION BY($0), DEFAULT(), DEFAULT())]");
    expect(text).toContain(
      "uid=[Sums], select=[uid,total], rowType=[RecordType(VARCHAR(2147483647) uid, INTEGER total)], changelogMode=[I,UA,D])",
    );
    expect(text).toContain("Exchange(distribution=[hash[uid]]");
  });

  it.each<[string, (t: StreamTableEnvironment) => Table, RegExp]>([
    ["no PARTITION BY", (t) => clicks(t).process(Greeter), /Table argument 'input' requires a PARTITION BY clause/],
    [
      "PARTITION BY of a table as row",
      (t) => t.from("users").partitionBy($("name")).process(Thresholds, 1),
      /Only tables with set semantics may be partitioned/,
    ],
    ["another number of columns", (t) => clicks(t).process(Thresholds, 1), /No match found for function signature Thresholds\(<RecordType/],
    ["no on_time", (t) => clicks(t).partitionBy($("uid")).process(Quiet), /requires a time attribute/],
    ["no declaration", (t) => clicks(t).process(NoHint), /does not say what arguments it takes/],
    ["a wrong TTL", (t) => clicks(t).partitionBy($("uid")).process(BadTtl), /Invalid TTL duration 'soon' of state entry 'seen'/],
    ["upserts where all changes are wanted", (t) => clicks(t).partitionBy($("uid")).process(Sums), /changelog/],
    [
      "the same uid twice",
      (t) =>
        clicks(t)
          .partitionBy($("uid"))
          .process(Greeter)
          .unionAll(t.from("users").as("uid").partitionBy($("uid")).process(Greeter)),
      /Duplicate unique identifier 'Greeter'/,
    ],
  ])("refuses %s", (_, build, message) => {
    expect(() => changelog(build)).toThrow(message);
  });

  it("fails on a row of a kind that was not announced", () => {
    const outcome = runProgram((t) => void clicks(t).partitionBy($("uid")).process(WrongKind).execute());
    expect(outcome.failure?.message).toContain("Invalid row kind received: UPDATE_AFTER. Expected produced changelog mode: [INSERT]");
  });
});
