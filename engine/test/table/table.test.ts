import { describe, expect, it } from "vitest";
import {
  $,
  and,
  call,
  callSql,
  coalesce,
  CURRENT_ROW,
  concat,
  ifThenElse,
  lag,
  lit,
  not,
  Over,
  range,
  row,
  rowInterval,
  ScalarFunction,
  Session,
  Slide,
  type StreamTableEnvironment,
  type Table,
  TableFunction,
  Tumble,
  UNBOUNDED_RANGE,
  UNBOUNDED_ROW,
  UserDefinedAggregateFunction,
  withColumns,
  withoutColumns,
  array,
  map,
} from "../../src/index.ts";
import { changelog } from "./table-runner.ts";

class Letters extends TableFunction<string> {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(text: string | null): void {
    for (const letter of text ?? "") this.collect(letter);
  }
}

class Pair extends ScalarFunction {
  static functionHint = { input: ["INT"], output: "ROW<x INT, y INT>" };
  eval(n: number): readonly number[] {
    return [n, 2 * n];
  }
}

class Range extends UserDefinedAggregateFunction<{ low: number; high: number }, number[]> {
  static functionHint = { input: ["INT"], output: "ROW<low INT, high INT>" };
  createAccumulator(): number[] {
    return [];
  }
  accumulate(acc: number[], n: number): void {
    acc.push(n);
  }
  override retract(acc: number[], n: number): void {
    acc.splice(acc.indexOf(n), 1);
  }
  getValue(acc: number[]): { low: number; high: number } {
    return { low: Math.min(...acc), high: Math.max(...acc) };
  }
}

type Build = (t: StreamTableEnvironment) => Table;

/** A table of the Table API and the same in SQL: what they print must be equal. */
const SAME: readonly (readonly [string, Build, string])[] = [
  ["all columns", (t) => t.from("clicks").select($("*")).dropColumns($("pt")), "SELECT uid, n, ts FROM clicks"],
  [
    "arithmetic",
    (t) => t.from("clicks").select($("n").plus(1).times(2).minus($("n")).as("x"), $("n").mod(2)),
    "SELECT (n + 1) * 2 - n, MOD(n, 2) FROM clicks",
  ],
  [
    "where",
    (t) =>
      t
        .from("clicks")
        .where($("n").isGreater(2).and($("uid").isNotNull()))
        .select($("uid")),
    "SELECT uid FROM clicks WHERE n > 2 AND uid IS NOT NULL",
  ],
  [
    "logic",
    (t) =>
      t
        .from("clicks")
        .filter(and(not($("n").isEqual(1)), $("n").between(2, 5)))
        .select($("n")),
    "SELECT n FROM clicks WHERE NOT n = 1 AND n BETWEEN 2 AND 5",
  ],
  ["in", (t) => t.from("clicks").where($("n").in(1, 7)).select($("n")), "SELECT n FROM clicks WHERE n IN (1, 7)"],
  [
    "in a table",
    (t) =>
      t
        .from("clicks")
        .where($("uid").in(t.from("users").select($("name"))))
        .select($("n")),
    "SELECT n FROM clicks WHERE uid IN (SELECT name FROM users)",
  ],
  [
    "texts",
    (t) =>
      t.from("clicks").select($("uid").upperCase(), $("uid").substring(1, 2), $("uid").like("a%"), concat($("uid"), "!"), $("uid").trim()),
    "SELECT UPPER(uid), SUBSTRING(uid, 1, 2), uid LIKE 'a%', CONCAT(uid, '!'), TRIM(uid) FROM clicks",
  ],
  [
    "conditions",
    (t) => t.from("clicks").select(ifThenElse($("n").isGreater(2), "many", "few"), coalesce($("uid"), "?"), $("uid").ifNull("?")),
    "SELECT CASE WHEN n > 2 THEN 'many' ELSE 'few' END, COALESCE(uid, '?'), IFNULL(uid, '?') FROM clicks",
  ],
  [
    "casts",
    (t) => t.from("clicks").select($("n").cast("STRING"), $("uid").tryCast("INT"), lit(1.5, "DECIMAL(3, 1)")),
    "SELECT CAST(n AS STRING), TRY_CAST(uid AS INT), CAST(1.5E0 AS DECIMAL(3, 1)) FROM clicks",
  ],
  [
    "times",
    (t) => t.from("clicks").select($("ts").floor("HOUR"), $("ts").extract("MINUTE"), $("ts").plus(lit(5).minutes())),
    "SELECT FLOOR(ts TO HOUR), EXTRACT(MINUTE FROM ts), ts + INTERVAL '5' MINUTE FROM clicks",
  ],
  [
    "collections",
    (t) => t.from("clicks").select(array(1, $("n")).at(2), map("a", $("n")).at("a"), row($("n"), "x"), array(1, 2).cardinality()),
    "SELECT ARRAY[1, n][2], MAP['a', n]['a'], ROW(n, 'x'), CARDINALITY(ARRAY[1, 2]) FROM clicks",
  ],
  [
    "SQL in between",
    (t) => t.from("clicks").select(callSql("UPPER(uid) || '!'"), call("power", $("n"), 2)),
    "SELECT UPPER(uid) || '!', POWER(n, 2) FROM clicks",
  ],
  ["columns by range", (t) => t.from("clicks").select(withColumns(range("uid", "n"))), "SELECT uid, n FROM clicks"],
  ["columns left out", (t) => t.from("clicks").select(withoutColumns($("ts"), 4)), "SELECT uid, n FROM clicks"],
  [
    "groupBy",
    (t) => t.from("clicks").groupBy($("uid")).select($("uid"), $("n").sum().as("s"), $("n").count(), $("n").max()),
    "SELECT uid, SUM(n), COUNT(n), MAX(n) FROM clicks GROUP BY uid",
  ],
  [
    "aggregates of all rows",
    (t) => t.from("clicks").select($("n").sum(), $("uid").count().distinct(), $("n").avg()),
    "SELECT SUM(n), COUNT(DISTINCT uid), AVG(n) FROM clicks",
  ],
  [
    "expressions over aggregates",
    (t) =>
      t
        .from("clicks")
        .groupBy($("uid"))
        .select($("n").sum().plus($("n").min())),
    "SELECT SUM(n) + MIN(n) FROM clicks GROUP BY uid",
  ],
  [
    "having",
    (t) => t.from("clicks").groupBy($("uid")).select($("uid"), $("n").sum().as("s")).where($("s").isGreater(3)),
    "SELECT uid, s FROM (SELECT uid, SUM(n) AS s FROM clicks GROUP BY uid) WHERE s > 3",
  ],
  ["distinct", (t) => t.from("clicks").select($("uid")).distinct(), "SELECT DISTINCT uid FROM clicks"],
  [
    "join",
    (t) =>
      t
        .from("clicks")
        .join(t.from("users"), $("uid").isEqual($("name")))
        .select($("uid"), $("n"), $("country")),
    "SELECT uid, n, country FROM clicks JOIN users ON uid = name",
  ],
  [
    "join with where",
    (t) =>
      t
        .from("clicks")
        .join(t.from("users"))
        .where($("uid").isEqual($("name")))
        .select($("n"), $("country")),
    "SELECT n, country FROM clicks, users WHERE uid = name",
  ],
  [
    "left outer join",
    (t) =>
      t
        .from("users")
        .leftOuterJoin(t.from("clicks"), $("uid").isEqual($("name")))
        .select($("name"), $("n")),
    "SELECT name, n FROM users LEFT JOIN clicks ON uid = name",
  ],
  [
    "full outer join",
    (t) =>
      t
        .from("users")
        .fullOuterJoin(t.from("clicks"), $("uid").isEqual($("name")))
        .select($("name"), $("n")),
    "SELECT name, n FROM users FULL JOIN clicks ON uid = name",
  ],
  [
    "lateral",
    (t) =>
      t
        .from("clicks")
        .joinLateral(call(Letters, $("uid")).as("letter"))
        .select($("n"), $("letter")),
    "SELECT n, letter FROM clicks, LATERAL TABLE(Letters(uid)) AS x(letter)",
  ],
  [
    "left lateral",
    (t) =>
      t
        .from("clicks")
        .leftOuterJoinLateral(call("Letters", $("uid")).as("letter"))
        .select($("n"), $("letter")),
    "SELECT n, letter FROM clicks LEFT JOIN LATERAL TABLE(Letters(uid)) AS x(letter) ON TRUE",
  ],
  [
    "flatMap",
    (t) =>
      t
        .from("clicks")
        .select($("uid"))
        .flatMap(call(Letters, $("uid")).as("letter")),
    "SELECT letter FROM clicks, LATERAL TABLE(Letters(uid)) AS x(letter)",
  ],
  ["map", (t) => t.from("clicks").map(call(Pair, $("n"))), "SELECT Pair(n).x, Pair(n).y FROM clicks"],
  [
    "unionAll",
    (t) =>
      t
        .from("clicks")
        .select($("uid"))
        .unionAll(t.from("users").select($("name"))),
    "SELECT uid FROM clicks UNION ALL SELECT name FROM users",
  ],
  [
    "union",
    (t) =>
      t
        .from("clicks")
        .select($("uid"))
        .union(t.from("users").select($("name"))),
    "SELECT uid FROM clicks UNION SELECT name FROM users",
  ],
  [
    "intersect",
    (t) =>
      t
        .from("clicks")
        .select($("uid"))
        .intersect(t.from("users").select($("name"))),
    "SELECT uid FROM clicks INTERSECT SELECT name FROM users",
  ],
  [
    "minus",
    (t) =>
      t
        .from("users")
        .select($("name"))
        .minus(t.from("clicks").select($("uid"))),
    "SELECT name FROM users EXCEPT SELECT uid FROM clicks",
  ],
  [
    "Top-N",
    (t) => t.from("clicks").select($("uid"), $("n")).orderBy($("n").desc()).fetch(2),
    "SELECT uid, n FROM clicks ORDER BY n DESC LIMIT 2",
  ],
  ["order by time", (t) => t.from("clicks").orderBy($("ts")).select($("n")), "SELECT n FROM clicks ORDER BY ts"],
  ["limit", (t) => t.from("clicks").select($("n")).limit(2), "SELECT n FROM clicks LIMIT 2"],
  ["renamed", (t) => t.from("users").as("a", "b").renameColumns($("b").as("c")).select($("a"), $("c")), "SELECT name, country FROM users"],
  [
    "columns added",
    (t) => t.from("users").addColumns($("name").upperCase().as("big")).addOrReplaceColumns(lit(1).as("country")),
    "SELECT name, 1, UPPER(name) FROM users",
  ],
  [
    "tumbling windows",
    (t) =>
      t
        .from("clicks")
        .window(Tumble.over(lit(10).minutes()).on($("ts")).as("w"))
        .groupBy($("w"), $("uid"))
        .select($("uid"), $("w").start(), $("w").end(), $("n").sum().as("s")),
    "SELECT uid, TUMBLE_START(ts, INTERVAL '10' MINUTE), TUMBLE_END(ts, INTERVAL '10' MINUTE), SUM(n) FROM clicks GROUP BY TUMBLE(ts, INTERVAL '10' MINUTE), uid",
  ],
  [
    "sliding windows",
    (t) =>
      t
        .from("clicks")
        .window(Slide.over(lit(10).minutes()).every(lit(5).minutes()).on($("ts")).as("w"))
        .groupBy($("w"))
        .select($("w").end(), $("n").count()),
    "SELECT HOP_END(ts, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE), COUNT(n) FROM clicks GROUP BY HOP(ts, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)",
  ],
  [
    "sessions",
    (t) =>
      t
        .from("clicks")
        .window(Session.withGap(lit(3).minutes()).on($("ts")).as("w"))
        .groupBy($("w"))
        .select($("w").start(), $("n").sum()),
    "SELECT SESSION_START(ts, INTERVAL '3' MINUTE), SUM(n) FROM clicks GROUP BY SESSION(ts, INTERVAL '3' MINUTE)",
  ],
  [
    "windows of windows",
    (t) =>
      t
        .from("clicks")
        .window(Tumble.over(lit(5).minutes()).on($("ts")).as("w"))
        .groupBy($("w"))
        .select($("w").rowtime().as("r"), $("n").sum().as("s"))
        .window(Tumble.over(lit(20).minutes()).on($("r")).as("v"))
        .groupBy($("v"))
        .select($("s").max()),
    "SELECT MAX(s) FROM (SELECT TUMBLE_ROWTIME(ts, INTERVAL '5' MINUTE) AS r, SUM(n) AS s FROM clicks GROUP BY TUMBLE(ts, INTERVAL '5' MINUTE)) GROUP BY TUMBLE(r, INTERVAL '20' MINUTE)",
  ],
  [
    "over rows",
    (t) =>
      t
        .from("clicks")
        .window(Over.partitionBy($("uid")).orderBy($("ts")).preceding(rowInterval(1)).following(CURRENT_ROW).as("w"))
        .select($("uid"), $("n").sum().over($("w"))),
    "SELECT uid, SUM(n) OVER (PARTITION BY uid ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM clicks",
  ],
  [
    "over time",
    (t) =>
      t
        .from("clicks")
        .window(Over.orderBy($("ts")).preceding(lit(5).minutes()).as("w"))
        .select($("n").sum().over("w").as("s"), $("n").count().over($("w")).as("c")),
    "SELECT SUM(n) OVER w, COUNT(n) OVER w FROM clicks WINDOW w AS (ORDER BY ts RANGE BETWEEN INTERVAL '5' MINUTE PRECEDING AND CURRENT ROW)",
  ],
  [
    "over all",
    (t) =>
      t
        .from("clicks")
        .window(Over.partitionBy($("uid")).orderBy($("ts")).preceding(UNBOUNDED_RANGE).as("w"))
        .select($("n").max().over($("w"))),
    "SELECT MAX(n) OVER (PARTITION BY uid ORDER BY ts) FROM clicks",
  ],
  [
    "lag",
    (t) =>
      t
        .from("clicks")
        .window(Over.partitionBy($("uid")).orderBy($("ts")).preceding(UNBOUNDED_ROW).as("w"))
        .select(lag($("n"), 1).over($("w"))),
    "SELECT LAG(n, 1) OVER (PARTITION BY uid ORDER BY ts) FROM clicks",
  ],
  [
    "a query over a table",
    (t) => t.sqlQuery(`SELECT COUNT(*) FROM ${t.from("clicks").where($("n").isEqual(1))}`),
    "SELECT COUNT(*) FROM clicks WHERE n = 1",
  ],
];

function withFunctions(build: Build): Build {
  return (t) => {
    t.createTemporarySystemFunction("Letters", Letters);
    t.createTemporarySystemFunction("Pair", new Pair());
    return build(t);
  };
}

describe("the Table API gives what SQL gives", () => {
  it.each(SAME)("%s", (_, build, sql) => {
    const rows = changelog(withFunctions(build));
    expect(rows).toEqual(changelog(withFunctions((t) => t.sqlQuery(sql))));
    expect(rows.length).toBeGreaterThan(0);
  });

  it.each(SAME.filter(([name]) => ["groupBy", "join", "tumbling windows", "over time", "Top-N"].includes(name)))(
    "with its plan: %s",
    (_, build, sql) => {
      const plans: string[] = [];
      const optimized = (text: string): string =>
        text
          .slice(text.indexOf("== Optimized Execution Plan"))
          .replace(/anonymous_datastream_source\$\d+/g, "stream")
          .replace(/ AS \S+?(?=[,)\]])/g, "");
      changelog(
        withFunctions((t) => {
          plans.push(optimized(build(t).explain()), optimized(t.sqlQuery(sql).explain()));
          return t.from("users");
        }),
      );
      const names = /\b(EXPR\$\d|_c\d|s|c)\b/g;
      expect(plans[0].replace(names, "x")).toBe(plans[1].replace(names, "x"));
    },
  );
});

describe("tables", () => {
  it("an aggregate function of a row, its fields as columns", () => {
    const rows = changelog((t) =>
      t
        .from("clicks")
        .groupBy($("uid"))
        .aggregate(call(Range, $("n")).as("a", "b"))
        .select($("uid"), $("a"), $("b")),
    );
    expect(rows.filter((line) => line.includes("ann"))).toEqual([
      "+I[ann, 3, 3]",
      "-U[ann, 3, 3]",
      "+U[ann, 3, 5]",
      "-U[ann, 3, 5]",
      "+U[ann, 2, 5]",
    ]);
  });

  it("an aggregate function of a row over windows", () => {
    const rows = changelog((t) =>
      t
        .from("clicks")
        .window(Tumble.over(lit(10).minutes()).on($("ts")).as("w"))
        .groupBy($("w"))
        .aggregate(call(Range, $("n")).as("a", "b"))
        .select($("a"), $("b"), $("w").end().extract("MINUTE").as("m")),
    );
    expect(rows).toEqual(["+I[1, 7, 10]", "+I[1, 2, 20]"]);
  });

  it("values", () => {
    const rows = changelog((t) => t.fromValues(row(1, "a"), row(2, "bc")).select($("f0"), $("f1").charLength()));
    expect(rows).toEqual(["+I[1, 1]", "+I[2, 2]"]);
  });

  it("a plan with a table function", () => {
    let plan = "";
    changelog((t) => {
      const table = t
        .from("clicks")
        .joinLateral(call(Letters, $("uid")).as("letter"))
        .select($("letter"));
      plan = table.explain();
      return table;
    });
    expect(plan).toContain("Correlate(invocation=[Letters($cor1.uid)], correlate=[table(Letters($cor1.uid))]");
  });

  it("names for columns without one", () => {
    let names: readonly string[] = [];
    changelog((t) => {
      const table = t
        .from("clicks")
        .groupBy($("uid"))
        .select($("uid"), $("n").sum(), $("n").max().plus(1), $("n").min(), $("uid").cast("CHAR(2)").as("x"));
      names = table.getResolvedSchema().getColumnNames();
      return table;
    });
    expect(names).toEqual(["uid", "EXPR$0", "_c0", "EXPR$2", "x"]);
  });

  it.each<readonly [string, Build, RegExp]>([
    ["an unknown column", (t) => t.from("clicks").select($("usr")), /usr/],
    ["an unknown table", (t) => t.from("click"), /click/],
    ["columns of one name", (t) => t.from("users").select($("name"), $("country").as("name")), /Ambiguous column name: name/],
    ["a join with ambiguous names", (t) => t.from("users").join(t.from("users")), /join relations with ambiguous names: \[name, country\]/],
    [
      "a window without its alias among the keys",
      (t) =>
        t
          .from("clicks")
          .window(Tumble.over(lit(1).hours()).on($("ts")).as("w"))
          .groupBy($("uid"))
          .select($("uid")),
      /window alias must be part/,
    ],
    ["too many names", (t) => t.from("users").as("a", "b", "c"), /Aliasing more fields/],
    ["sorting by what is no time", (t) => t.from("users").orderBy($("name")), /Sort on a non-time-attribute/],
    [
      "a function without types",
      (t) =>
        t.from("users").select(
          call(
            class Untyped extends ScalarFunction {
              eval() {
                return 1;
              }
            },
            $("name"),
          ),
        ),
      /functionHint|type inference/,
    ],
  ])("refuses %s", (_, build, message) => {
    expect(() => changelog(build)).toThrow(message);
  });
});
