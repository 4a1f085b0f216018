import { describe, expect, it } from "vitest";
import {
  $,
  ChangelogMode,
  DataTypes,
  type DataStream,
  EnvironmentSettings,
  KeyedProcessFunction,
  lit,
  Row,
  RowKind,
  Schema,
  type StreamExecutionEnvironment,
  type StreamTableEnvironment,
  TableDescriptor,
  TableEnvironment,
  Tumble,
  TumblingEventTimeWindows,
  Duration,
  Types,
} from "../../src/index.ts";
import { datastreamProgram } from "../../src/datastream/evaluate-job.ts";
import { runWorld } from "../../src/sim.ts";
import { worldOf } from "../datastream/run-job.ts";
import { printed, runProgram, type TableRun } from "./table-runner.ts";

type Describe = (tEnv: StreamTableEnvironment, env: StreamExecutionEnvironment) => DataStream<never> | DataStream<Row>;

/** What a stream prints that a program gives back. */
function lines(describeStream: Describe, run?: TableRun): readonly string[] {
  return printed(
    runProgram((tEnv, env) => {
      (describeStream(tEnv, env) as DataStream<unknown>).map((value) => String(value)).print();
      env.execute();
    }, run),
  );
}

const CHANGES = [
  Row.of("ann", 1),
  Row.of("bob", 2),
  Row.ofKind(RowKind.UPDATE_BEFORE, "ann", 1),
  Row.ofKind(RowKind.UPDATE_AFTER, "ann", 5),
  Row.ofKind(RowKind.DELETE, "bob", 2),
];
const TOTALS = Schema.newBuilder().column("name", "STRING").column("n", "INT").build();

describe("streams to tables", () => {
  it("columns by the stream's type", () => {
    const rows = lines((tEnv, env) => {
      const stream = env.fromData(Types.ROW_NAMED(["a", "b"], Types.STRING, Types.LONG), { a: "x", b: 1 }, { a: "y", b: 2 });
      return tEnv.toDataStream(tEnv.fromDataStream(stream).select($("b").plus(1), $("a")));
    });
    expect(rows).toEqual(["+I[2, x]", "+I[3, y]"]);
  });

  it("one column of a basic type, tuples, arrays, times", () => {
    const rows = lines((tEnv, env) => {
      const numbers = tEnv.fromDataStream(env.fromData(1, 2).returns(Types.INT)).select($("f0").times(2).as("n"));
      const times = tEnv.fromDataStream(
        env.fromData([{ at: new Date(0), list: [1, 2], price: 1.25 }]),
        Schema.newBuilder().column("at", DataTypes.TIMESTAMP(3)).column("list", "ARRAY<INT>").column("price", "DECIMAL(5, 2)").build(),
      );
      tEnv.createTemporaryView("times", times);
      return tEnv.toDataStream(
        tEnv.sqlQuery(
          `SELECT CAST(n AS STRING) FROM ${numbers} UNION ALL SELECT CAST(\`at\` AS STRING) || ' ' || CAST(list[2] AS STRING) || ' ' || CAST(price AS STRING) FROM times`,
        ),
      );
    });
    expect([...rows].sort()).toEqual(["+I[1970-01-01 00:00:00.000 2 1.25]", "+I[2]", "+I[4]"]);
  });

  it("the stream's own watermarks close windows of the table", () => {
    const rows = lines((tEnv) =>
      tEnv.toDataStream(
        tEnv.sqlQuery(
          "SELECT window_start, SUM(n) AS n FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end",
        ),
      ),
    );
    expect(rows).toEqual(["+I[1970-01-01T00:00, 16]", "+I[1970-01-01T00:10, 3]"]);
  });

  it("a watermark that the schema declares", () => {
    const rows = lines((tEnv, env) => {
      const stream = env.fromData([
        { at: 1000, n: 1 },
        { at: 61_000, n: 2 },
      ]);
      const schema = Schema.newBuilder()
        .column("at", "BIGINT")
        .column("n", "INT")
        .columnByExpression("ts", "TO_TIMESTAMP_LTZ(`at`, 3)")
        .watermark("ts", "ts - INTERVAL '5' SECOND")
        .build();
      const table = tEnv.fromDataStream(stream, schema);
      return tEnv.toDataStream(
        table
          .window(Tumble.over(lit(1).minutes()).on($("ts")).as("w"))
          .groupBy($("w"))
          .select($("w").start(), $("n").sum()),
      );
    });
    expect(rows).toEqual(["+I[1970-01-01T00:00, 1]", "+I[1970-01-01T00:01, 2]"]);
  });

  it("a changelog, materialized and aggregated", () => {
    const rows = lines((tEnv, env) => {
      const table = tEnv.fromChangelogStream(env.fromData(CHANGES), TOTALS);
      return tEnv.toChangelogStream(table.select($("n").sum(), $("name").count()));
    });
    expect(rows).toEqual(["+I[1, 1]", "-U[1, 1]", "+U[3, 2]", "-U[3, 2]", "+U[2, 1]", "-U[2, 1]", "+U[7, 2]", "-U[7, 2]", "+U[5, 1]"]);
  });

  it("an upsert stream by its key", () => {
    const rows = lines((tEnv, env) => {
      const stream = env.fromData([
        Row.ofKind(RowKind.UPDATE_AFTER, "ann", 1),
        Row.ofKind(RowKind.UPDATE_AFTER, "ann", 4),
        Row.ofKind(RowKind.DELETE, "ann", 4),
      ]);
      const schema = Schema.newBuilder().column("name", "STRING").column("n", "INT").primaryKey("name").build();
      return tEnv.toChangelogStream(tEnv.fromChangelogStream(stream, schema, ChangelogMode.upsert()));
    });
    expect(rows).toEqual(["+I[ann, 1]", "-U[ann, 1]", "+U[ann, 4]", "-D[ann, 4]"]);
  });

  it.each<readonly [string, Describe, RegExp]>([
    [
      "a stream of no known type",
      (tEnv, env) => tEnv.toDataStream(tEnv.fromDataStream(env.fromData([1]).map((n) => ({ n })))),
      /columns of the stream are not known/,
    ],
    [
      "an upsert stream without a key",
      (tEnv, env) => tEnv.toChangelogStream(tEnv.fromChangelogStream(env.fromData(CHANGES), TOTALS, ChangelogMode.upsert())),
      /requires defining a primary key/,
    ],
    [
      "changes in a stream of new rows",
      (tEnv, env) => tEnv.toDataStream(tEnv.fromDataStream(env.fromData(CHANGES), TOTALS)),
      /expects insert-only records/,
    ],
    [
      "metadata that streams have not",
      (tEnv, env) =>
        tEnv.toDataStream(
          tEnv.fromDataStream(env.fromData(CHANGES), Schema.newBuilder().column("a", "INT").columnByMetadata("offset", "INT").build()),
        ),
      /Invalid metadata key 'offset'/,
    ],
    [
      "a rowtime without timestamps",
      (tEnv, env) =>
        tEnv.toDataStream(
          tEnv.fromDataStream(
            env.fromData(Row.of(1)),
            Schema.newBuilder()
              .column("a", "INT")
              .columnByMetadata("rowtime", "TIMESTAMP_LTZ(3)")
              .watermark("rowtime", "SOURCE_WATERMARK()")
              .build(),
          ),
        ),
      /Rowtime timestamp is not defined/,
    ],
    [
      "a value of another type",
      (tEnv, env) => tEnv.toDataStream(tEnv.fromDataStream(env.fromData(Row.of("x")), Schema.newBuilder().column("a", "INT").build())),
      /column 'a' is no INT/,
    ],
  ])("refuses %s", (_, build, message) => {
    expect(() => lines(build)).toThrow(message);
  });
});

describe("tables to streams", () => {
  it("rows by name and position, with their kind", () => {
    const rows = lines(
      (tEnv) =>
        tEnv
          .toChangelogStream(tEnv.sqlQuery("SELECT uid, SUM(n) AS total FROM clicks WHERE uid = 'ann' GROUP BY uid"))
          .map(
            (row) => `${row.getKind().shortString()} ${row.getField("uid")} ${row.getField(1)} ${row.getArity()}`,
          ) as unknown as DataStream<never>,
    );
    expect(rows).toEqual(["+I ann 3 2", "-U ann 3 2", "+U ann 8 2", "-U ann 8 2", "+U ann 10 2"]);
  });

  it("objects of a class", () => {
    class Total {
      uid = "";
      n = 0;
    }
    const rows = lines(
      (tEnv) =>
        tEnv
          .toDataStream(tEnv.sqlQuery("SELECT uid, n FROM clicks WHERE n > 3 AND uid IS NOT NULL"), Total)
          .map((total) => `${total.uid} ${total.n} ${total instanceof Total}`) as unknown as DataStream<never>,
    );
    expect(rows).toEqual(["ann 5 true"]);
  });

  it("the rowtime as timestamp, for windows of the DataStream API", () => {
    const rows = lines((tEnv) => {
      const stream = tEnv.toDataStream(tEnv.sqlQuery("SELECT uid, n, ts FROM clicks WHERE uid IS NOT NULL"));
      return stream
        .keyBy((row) => row.getField<string>("uid"))
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(10)))
        .reduce((a, b) => Row.of(a.getField("uid"), a.getField<number>("n") + b.getField<number>("n"), null)) as unknown as DataStream<Row>;
    });
    expect([...rows].sort()).toEqual([
      "+I[ann, 2, 1970-01-01T00:12]",
      "+I[ann, 8, null]",
      "+I[bob, 1, 1970-01-01T00:01]",
      "+I[bob, 1, 1970-01-01T00:11]",
    ]);
  });

  it("a schema casts the columns and takes the rowtime out of the row", () => {
    const rows = lines(
      (tEnv) =>
        tEnv
          .toChangelogStream(
            tEnv.sqlQuery("SELECT uid, n, ts FROM clicks WHERE n = 5"),
            Schema.newBuilder().column("who", "STRING").column("n", "BIGINT").columnByMetadata("rowtime", "TIMESTAMP_LTZ(3)").build(),
          )
          .keyBy((row) => row.getField<string>("who"))
          .process(
            new (class extends KeyedProcessFunction<string, Row, string> {
              override processElement(row: Row, context: { timestamp(): number | null }, out: { collect(text: string): void }): void {
                out.collect(`${row} at ${context.timestamp()}`);
              }
            })(),
          ) as unknown as DataStream<never>,
    );
    expect(rows).toEqual(["+I[ann, 5] at 120000"]);
  });

  it("in upsert mode without rows before an update", () => {
    const rows = lines((tEnv) =>
      tEnv.toChangelogStream(
        tEnv.sqlQuery("SELECT uid, COUNT(*) AS n FROM clicks WHERE uid IS NOT NULL GROUP BY uid"),
        Schema.newBuilder().primaryKey("uid").build(),
        ChangelogMode.upsert(),
      ),
    );
    expect(rows).toEqual(["+I[ann, 1]", "+I[bob, 1]", "+U[ann, 2]", "+U[bob, 2]", "+U[ann, 3]"]);
  });

  it.each<readonly [string, Describe, RegExp]>([
    [
      "changes where only new rows may be",
      (tEnv) => tEnv.toDataStream(tEnv.sqlQuery("SELECT COUNT(*) FROM clicks")),
      /Table sink '.*anonymous_datastream_sink\$\d+\*' doesn't support consuming update changes which is produced by node GroupAggregate/,
    ],
    [
      "two rowtimes",
      (tEnv) => tEnv.toDataStream(tEnv.sqlQuery("SELECT ts, ts AS t2 FROM clicks")),
      /more than one rowtime attribute column \[ts, t2\]/,
    ],
  ])("refuses %s", (_, build, message) => {
    expect(() => lines(build)).toThrow(message);
  });

  it("goes on after crashes, exactly once", () => {
    const run: TableRun = {
      input: { clicks: Array.from({ length: 40 }, (_, i) => [i * 1000, { k: i % 3, n: i }] as const) },
      output: ["out"],
      settings: { "execution.checkpointing.interval": "3 s" },
    };
    const program = (tEnv: StreamTableEnvironment): void => {
      tEnv.executeSql(
        "CREATE TABLE t (k INT, n INT) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json', 'properties.bootstrap.servers' = 'b', 'scan.startup.mode' = 'earliest-offset')",
      );
      tEnv.executeSql(
        "CREATE TABLE o (k INT, n INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'out', 'key.format' = 'json', 'value.format' = 'json', 'properties.bootstrap.servers' = 'b')",
      );
      tEnv.from("t").groupBy($("k")).select($("k"), $("n").sum()).executeInsert("o");
    };
    const last = (faults: TableRun["faults"]): readonly unknown[] => {
      const outcome = runProgram(program, { ...run, ...(faults === undefined ? {} : { faults }) });
      if (outcome.status !== "finished") throw new Error(`${outcome.status}: ${outcome.failure?.message}`);
      expect(outcome.restarts).toBe(faults === undefined ? 0 : 1);
      const records = outcome.topics.find(({ name }) => name === "out")!.records;
      return [0, 1, 2].map((k) =>
        JSON.stringify(
          records.filter(({ value }) => JSON.stringify(value).includes(`"k":${k}`) || JSON.stringify(value).includes(`\\"k\\":${k}`)).at(-1)
            ?.value,
        ),
      );
    };
    const healthy = last(undefined);
    expect(healthy[0]).toContain("273");
    expect(last([{ kind: "crashTaskManager", taskManager: 0, when: { kind: "atMs", atMs: 14_500 } }])).toEqual(healthy);
  });
});

describe("environments", () => {
  it("a program of tables alone, its statement set one job", () => {
    const program = datastreamProgram(() => {
      const tEnv = TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().build());
      tEnv.createTemporaryTable("a", TableDescriptor.forConnector("print").schema(Schema.newBuilder().column("n", "INT").build()).build());
      tEnv.createTemporaryTable(
        "numbers",
        TableDescriptor.forConnector("datagen")
          .schema(Schema.newBuilder().column("n", "INT").build())
          .option("number-of-rows", 3)
          .option("fields.n.kind", "sequence")
          .option("fields.n.start", 1)
          .option("fields.n.end", 3)
          .build(),
      );
      const set = tEnv.createStatementSet();
      set.addInsert("a", tEnv.from("numbers").where($("n").isLess(3)));
      set.addInsertSql("INSERT INTO a SELECT n * 10 FROM numbers");
      set.execute();
    });
    const outcome = runWorld(program, worldOf({}));
    expect([...printed(outcome)].sort()).toEqual(["+I[10]", "+I[1]", "+I[20]", "+I[2]", "+I[30]"]);
  });

  it("statements that need no job give their rows", () => {
    let rows: readonly string[] = [];
    runProgram((tEnv) => {
      rows = tEnv.executeSql("SHOW VIEWS").collect().map(String);
      tEnv.from("users").execute();
    });
    expect(rows).toEqual(["+I[clicks]", "+I[users]"]);
  });

  it.each([
    ["a second job", (t: StreamTableEnvironment) => [1, 2].map(() => t.from("users").execute()), /second job/],
    ["two statements at once", (t: StreamTableEnvironment) => t.executeSql("SELECT 1; SELECT 2"), /single SQL statement/],
    ["a mistake in SQL, with its place", (t: StreamTableEnvironment) => t.sqlQuery("SELECT n,\n  m FROM clicks"), /line 2, column 3/],
    ["an unknown sink", (t: StreamTableEnvironment) => t.from("users").executeInsert("nowhere"), /nowhere/],
  ])("refuses %s", (_, program, message) => {
    const outcome = runProgram((tEnv) => {
      program(tEnv);
    });
    expect(outcome.status).toBe("rejected");
    expect(outcome.failure?.message).toMatch(message);
  });
});
