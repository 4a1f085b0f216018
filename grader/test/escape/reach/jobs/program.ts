// All that describes a job: environments, streams, tables, builders, and whatever "flink" exports. What comes of the job does not matter.
import {
  $,
  CEP,
  AfterMatchSkipStrategy,
  ChangelogMode,
  DataTypes,
  Duration,
  EnvironmentSettings,
  json,
  KafkaSink,
  KafkaSource,
  lit,
  MapStateDescriptor,
  OutputTag,
  Pattern,
  Row,
  Schema,
  SimpleCondition,
  StreamExecutionEnvironment,
  StreamTableEnvironment,
  TableDescriptor,
  Tumble,
  TumblingEventTimeWindows,
  Types,
  WatermarkStrategy,
  Histogram,
  IntCounter,
  call,
  Slide,
  Session,
  Over,
} from "flink";
import * as flink from "flink";
import { look, tell } from "./given";

interface Click {
  readonly user: string;
  readonly at: number;
  readonly n: number;
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
const sink = <T>(as: string) => KafkaSink.builder<T>().setRecordSerializer(json("out")).setTransactionalIdPrefix(as).build();
const late = new OutputTag<Click>("late");
const user = (click: Click) => click.user;
const strategy = WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.at);
const clicks = env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), strategy, "clicks");
const plain = clicks.assignTimestampsAndWatermarks(strategy);
const byUser = plain.keyBy(user);
const rules = new MapStateDescriptor<string, number>("rules");
const looked = byUser.map((click) => click);
const joining = plain
  .join(plain)
  .where(user)
  .equalTo(user)
  .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)));
const pattern = Pattern.begin<Click>("a", AfterMatchSkipStrategy.skipPastLastEvent())
  .where(SimpleCondition.of((click) => click.n < 3))
  .followedBy("b")
  .within(Duration.ofSeconds(1));
const patterns = CEP.pattern(byUser, pattern);
const t = StreamTableEnvironment.create(env);
const schema = Schema.newBuilder()
  .column("user", DataTypes.STRING())
  .column("at", DataTypes.BIGINT())
  .column("n", DataTypes.INT())
  .columnByExpression("ts", "TO_TIMESTAMP_LTZ(`at`, 3)")
  .watermark("ts", "SOURCE_WATERMARK()")
  .build();
const table = t.fromDataStream(clicks, schema);
t.createTemporaryView("clicks", table);
const sinks = t.createStatementSet();
class Plus extends flink.ScalarFunction {
  static functionHint = { arguments: ["INT"], output: "INT" };
  eval(n: number) {
    return n + 1;
  }
}
look(
  [
    byUser.window(TumblingEventTimeWindows.of(Duration.ofMillis(5))),
    plain.windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(5))),
    pattern,
    patterns,
  ],
  "program",
);
look(
  [
    env,
    clicks,
    plain,
    byUser,
    looked,
    looked.getSideOutput(late),
    plain.broadcast(rules),
    plain.connect(plain),
    byUser.connect(byUser),
    plain.connect(plain.broadcast(rules)),
    byUser.countWindow(2),
    plain.countWindowAll(2),
    plain.fullWindowPartition(),
    byUser.fullWindowPartition(),
    plain.join(plain),
    plain.join(plain).where(user),
    plain.join(plain).where(user).equalTo(user),
    joining,
    plain.coGroup(plain),
    plain.coGroup(plain).where(user),
    plain
      .coGroup(plain)
      .where(user)
      .equalTo(user)
      .window(TumblingEventTimeWindows.of(Duration.ofMillis(5))),
    byUser.intervalJoin(byUser).between(Duration.ofMillis(-1), Duration.ofMillis(1)),
    plain.print(),
    plain.sinkTo(sink("b")),
    plain.rebalance(),
    plain.union(plain),
    env.fromData(1),
    env.fromSequence(1, 3),
    env.fromElements?.(1),
  ],
  "program",
);
look(
  [
    strategy,
    TumblingEventTimeWindows.of(Duration.ofMillis(5)),
    Types.LIST(Types.LONG),
    Types.MAP(Types.STRING, Types.LONG),
    new Histogram(),
    new IntCounter(),
  ],
  "values",
);
look(
  [
    env,
    t,
    table,
    schema,
    sinks,
    t.from("clicks"),
    t.from("clicks").groupBy($("user")),
    t.from("clicks").partitionBy($("user")),
    t.from("clicks").window(Tumble.over(lit(5).millis()).on($("ts")).as("w")),
    $("n").plus(1),
    lit(1),
    DataTypes.ROW(DataTypes.FIELD("a", DataTypes.INT())),
    Row.of(1),
    t.getConfig(),
    t.from("clicks").getResolvedSchema(),
    t.explainSql?.("SELECT 1"),
    EnvironmentSettings.inStreamingMode(),
    TableDescriptor.forConnector("print").build(),
    ChangelogMode.upsert(),
  ],
  "tables",
);
look([call(Plus, $("n")), Slide.over(lit(5).millis()), Session.withGap(lit(5).millis()), Over.partitionBy($("user"))], "tables");
look(flink, "flink");
tell();
