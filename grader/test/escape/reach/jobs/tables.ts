// Tables, their functions, and what is between tables and streams.
import {
  $,
  AsyncScalarFunction,
  AsyncTableFunction,
  call,
  ChangelogMode,
  DataTypes,
  Duration,
  EnvironmentSettings,
  type FunctionContext,
  KafkaSource,
  lit,
  ProcessTableFunction,
  type ProcessTableContext,
  type ProcessTableOnTimerContext,
  Row,
  ScalarFunction,
  Schema,
  StreamExecutionEnvironment,
  StreamTableEnvironment,
  TableAggregateFunction,
  TableFunction,
  TableDescriptor,
  Tumble,
  UserDefinedAggregateFunction,
  WatermarkStrategy,
  TableEnvironment,
  Over,
  Session,
  Slide,
} from "flink";
import type * as flink from "flink";
import { look, spied, tell } from "./given";

interface Click {
  readonly user: string;
  readonly at: number;
  readonly n: number;
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const t = StreamTableEnvironment.create(env);
const clicks = env.fromSource(
  KafkaSource.builder<Click>().setTopics("clicks").build(),
  WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.at),
  "clicks",
);
const schema = Schema.newBuilder()
  .column("user", DataTypes.STRING())
  .column("at", DataTypes.BIGINT())
  .column("n", DataTypes.INT())
  .columnByExpression("ts", "TO_TIMESTAMP_LTZ(`at`, 3)")
  .watermark("ts", "SOURCE_WATERMARK()")
  .build();
const table = t.fromDataStream(clicks, schema);
t.createTemporaryView("clicks", table);
/** What the engine makes of the program's class is spied on too. */
const spiedClass = <C extends new () => object>(Own: C, as: string): C =>
  ({
    [`Own${as}`]: class extends (Own as new () => object) {
      constructor() {
        super();
        spied(this, as);
        look(this, as);
      }
    },
  })[`Own${as}`] as unknown as C;
class Plus extends ScalarFunction {
  static functionHint = { input: ["INT"], output: "INT" };
  override open(context: FunctionContext) {
    look(context, "FunctionContext");
  }
  eval(n: number) {
    look(this, "ScalarFunction");
    return n + 1;
  }
}
class Split extends TableFunction<string> {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(text: string) {
    look(this, "TableFunction");
    this.collect(text);
  }
}
class Sum extends UserDefinedAggregateFunction<number, { n: number }> {
  static functionHint = { input: ["INT"], output: "INT" };
  createAccumulator() {
    return { n: 0 };
  }
  accumulate(acc: { n: number }, n: number) {
    look([this, acc], "AggregateFunction");
    acc.n += n;
  }
  retract(acc: { n: number }, n: number) {
    acc.n -= n;
  }
  getValue(acc: { n: number }) {
    return acc.n;
  }
}
class Top extends TableAggregateFunction<number, { n: number }> {
  static functionHint = { input: ["INT"], output: "INT" };
  createAccumulator() {
    return { n: 0 };
  }
  accumulate(acc: { n: number }, n: number) {
    acc.n = Math.max(acc.n, n);
  }
  emitValue(acc: { n: number }, out: flink.RowCollector<number>) {
    look([this, out], "TableAggregateFunction");
    out.collect(acc.n);
  }
}
class Later extends AsyncScalarFunction {
  static functionHint = { input: ["INT"], output: "INT" };
  eval(result: any, n: number) {
    look([this, result], "AsyncScalarFunction");
    result.complete(n);
  }
}
class LaterTable extends AsyncTableFunction<string> {
  static functionHint = { input: ["STRING"], output: "STRING" };
  eval(result: any, text: string) {
    look([this, result], "AsyncTableFunction");
    result.complete([text]);
  }
}
class Ptf extends ProcessTableFunction<Row> {
  static functionHint = {
    arguments: [{ name: "input", traits: ["SET_SEMANTIC_TABLE"] as const }],
    state: [
      { name: "l", type: "ARRAY<INT>", view: true },
      { name: "m", type: "MAP<INT, INT>", view: true },
      { name: "s", initial: () => ({ count: 0 }) },
    ],
    output: "ROW<n INT>",
  };
  eval(context: ProcessTableContext, l: flink.ListView<number>, m: flink.MapView<number, number>, s: { count: number }, input: Row) {
    look([this, context, context.timeContext(), context.tableSemanticsFor("input"), l, m, s, input], "ProcessTableFunction");
    l.add(1);
    m.put(1, 2);
    look([l.get(), m.entries(), m.keys(), m.values()], "views");
    context.timeContext().registerOnTime("x", context.timeContext().time() ?? 5);
    this.collect(Row.of(1));
  }
  override onTimer(context: ProcessTableOnTimerContext) {
    look([context, context.timeContext()], "ProcessTableFunction.onTimer");
  }
}
const out = (name: string, table: flink.Table) =>
  t
    .toChangelogStream(table)
    .map(
      spied((row: Row) => {
        look(row, "row");
        return row;
      }, "map"),
    )
    .print(name);
t.createTemporarySystemFunction("plus", spiedClass(Plus, "ScalarFunction"));
out("scalar", t.from("clicks").select(call("plus", $("n")).as("m")));
out(
  "table",
  t
    .from("clicks")
    .joinLateral(call(spiedClass(Split, "TableFunction"), $("user")).as("word"))
    .select($("word")),
);
out(
  "aggregate",
  t
    .from("clicks")
    .groupBy($("user"))
    .select($("user"), call(spiedClass(Sum, "AggregateFunction"), $("n")).as("s")),
);
out(
  "flat",
  t
    .from("clicks")
    .groupBy($("user"))
    .flatAggregate(call(spiedClass(Top, "TableAggregateFunction"), $("n")).as("s"))
    .select($("user"), $("s")),
);
out("async", t.from("clicks").select(call(spiedClass(Later, "AsyncScalarFunction"), $("n")).as("m")));
out(
  "asyncTable",
  t
    .from("clicks")
    .joinLateral(call(spiedClass(LaterTable, "AsyncTableFunction"), $("user")).as("word"))
    .select($("word")),
);
out("process", t.from("clicks").partitionBy($("user")).process(spiedClass(Ptf, "ProcessTableFunction"), undefined, "ptf"));
out(
  "windows",
  t
    .from("clicks")
    .window(Tumble.over(lit(5).millis()).on($("ts")).as("w"))
    .groupBy($("w"), $("user"))
    .select($("user"), $("n").sum().as("s")),
);
out("sql", t.sqlQuery("SELECT `user`, plus(n) AS m FROM clicks"));
tell();
env.execute("tables");
