/** DataStream programs of the warm-up, as compile/script.ts would make them: CommonJS. Between them they use what submissions use most. */

const PREAMBLE = `
const f = require("flink");
const env = f.StreamExecutionEnvironment.getExecutionEnvironment();
const from = (topic, strategy) => env.fromSource(
  f.KafkaSource.builder().setBootstrapServers("kafka:9092").setTopics(topic).setValueOnlyDeserializer(new f.JsonDeserializationSchema()).build(), strategy, topic);
const sink = (topic, guarantee) => f.KafkaSink.builder().setBootstrapServers("kafka:9092").setRecordSerializer(f.KafkaRecordSerializationSchema.builder().setTopic(topic).setValueSerializationSchema(new f.JsonSerializationSchema()).build()).setDeliveryGuarantee(guarantee).setTransactionalIdPrefix("warm-" + topic).build();
const exactly = f.DeliveryGuarantee.EXACTLY_ONCE;
const byTime = (seconds) => f.WatermarkStrategy.forBoundedOutOfOrderness(f.Duration.ofSeconds(seconds)).withTimestampAssigner((record) => record.at);
`;

/** Windows of three kinds, lateness, state of three kinds, timers, time to live, exactly-once sinks. */
export const WINDOWS_AND_STATE = `
const f = require("flink");
class Count {
  createAccumulator() { return { n: 0 }; }
  add(value, sum) { return { n: sum.n + 1 }; }
  getResult(sum) { return sum.n; }
  merge(a, b) { return { n: a.n + b.n }; }
}
class WithWindow extends f.ProcessWindowFunction {
  process(key, context, counts, out) {
    for (const count of counts) out.collect({ key, from: context.window().getStart(), count });
  }
}
class Remember extends f.KeyedProcessFunction {
  open() {
    const last = new f.ValueStateDescriptor("last", f.Types.LONG);
    last.enableTimeToLive(f.StateTtlConfig.newBuilder(f.Duration.ofHours(1)).build());
    this.last = this.getRuntimeContext().getState(last);
    this.all = this.getRuntimeContext().getListState(new f.ListStateDescriptor("all", f.Types.LONG));
    this.pages = this.getRuntimeContext().getMapState(new f.MapStateDescriptor("pages", f.Types.STRING, f.Types.LONG));
  }
  processElement(click, context, out) {
    const before = this.last.value();
    this.last.update(click.at);
    this.all.add(click.at);
    this.pages.put(click.page, (this.pages.get(click.page) ?? 0) + 1);
    context.timerService().registerEventTimeTimer(click.at + 10000);
    if (before !== null) out.collect({ key: context.getCurrentKey(), from: before, count: 1 });
  }
  onTimer(timestamp, context, out) {
    let count = 0;
    for (const at of this.all.get()) count += at <= timestamp ? 1 : 0;
    out.collect({ key: context.getCurrentKey(), from: timestamp, count });
    this.all.clear();
  }
}
const env = f.StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10000);
const clicks = env.fromSource(
  f.KafkaSource.builder().setBootstrapServers("kafka:9092").setTopics("clicks").setValueOnlyDeserializer(new f.JsonDeserializationSchema()).build(),
  f.WatermarkStrategy.forBoundedOutOfOrderness(f.Duration.ofSeconds(5)).withTimestampAssigner((click) => click.at).withIdleness(f.Duration.ofMinutes(1)),
  "clicks",
);
const late = new f.OutputTag("late");
const byUser = clicks.map((click) => ({ ...click })).filter((click) => click.user !== "").keyBy((click) => click.user);
const tumbling = byUser.window(f.TumblingEventTimeWindows.of(f.Duration.ofSeconds(20))).allowedLateness(f.Duration.ofSeconds(5)).sideOutputLateData(late).aggregate(new Count(), new WithWindow());
const sessions = byUser.window(f.EventTimeSessionWindows.withGap(f.Duration.ofSeconds(15))).aggregate(new Count(), new WithWindow());
const sliding = byUser.window(f.SlidingEventTimeWindows.of(f.Duration.ofSeconds(20), f.Duration.ofSeconds(10))).reduce((a, b) => (a.at > b.at ? a : b)).map((click) => ({ key: click.user, from: click.at, count: 1 }));
const remembered = byUser.process(new Remember());
const sink = (topic) => f.KafkaSink.builder().setBootstrapServers("kafka:9092").setRecordSerializer(f.KafkaRecordSerializationSchema.builder().setTopic(topic).setValueSerializationSchema(new f.JsonSerializationSchema()).build()).setDeliveryGuarantee(f.DeliveryGuarantee.EXACTLY_ONCE).setTransactionalIdPrefix("warm-" + topic).build();
tumbling.union(sessions, sliding, remembered).sinkTo(sink("results"));
tumbling.getSideOutput(late).sinkTo(sink("late"));
env.execute("warm-up");
`;

/** Two connected streams, one of them for everybody, the other by key. */
export const CONNECTED = `${PREAMBLE}
class Join extends f.KeyedCoProcessFunction {
  open() {
    this.rule = this.getRuntimeContext().getState(new f.ValueStateDescriptor("rule"));
    this.waiting = this.getRuntimeContext().getListState(new f.ListStateDescriptor("waiting"));
  }
  processElement1(click, context, out) {
    const rule = this.rule.value();
    if (rule === null) this.waiting.add(click);
    else if (click.at % 1000 >= rule.least) out.collect({ key: click.user, from: click.at, count: rule.least });
  }
  processElement2(rule, context, out) {
    this.rule.update({ least: rule.least });
    for (const click of this.waiting.get()) out.collect({ ...click, least: rule.least });
    this.waiting.clear();
  }
}
const descriptor = new f.MapStateDescriptor("rules");
class Everybody extends f.KeyedBroadcastProcessFunction {
  processElement(click, context, out) {
    for (const [user, rule] of context.getBroadcastState(descriptor).entries()) if (user === click.user) out.collect({ key: user, from: click.at, count: rule.least });
  }
  processBroadcastElement(rule, context, out) {
    context.getBroadcastState(descriptor).put(rule.user, rule);
  }
}
env.enableCheckpointing(10000);
const clicks = from("clicks", f.WatermarkStrategy.noWatermarks());
const rules = from("rules", f.WatermarkStrategy.noWatermarks());
clicks.connect(rules).keyBy((click) => click.user, (rule) => rule.user).process(new Join()).sinkTo(sink("results", exactly));
clicks.keyBy((click) => click.user).connect(rules.broadcast(descriptor)).process(new Everybody()).sinkTo(sink("late", f.DeliveryGuarantee.AT_LEAST_ONCE));
env.execute("connected");
`;

/** A function with timers that cleans up after itself, side outputs, keyed reduce, flat map, and two windows one after the other. */
export const TIMERS_AND_SIDES = `${PREAMBLE}
const dull = new f.OutputTag("dull");
class First extends f.KeyedProcessFunction {
  open() {
    this.seen = this.getRuntimeContext().getState(new f.ValueStateDescriptor("seen"));
    this.last = this.getRuntimeContext().getReducingState(new f.ReducingStateDescriptor("sum", (a, b) => a + b));
  }
  processElement(click, context, out) {
    this.last.add(1);
    if (this.seen.value() !== null) {
      context.output(dull, { key: click.user, from: click.at, count: this.last.get() });
      return;
    }
    this.seen.update(click.at);
    context.timerService().registerEventTimeTimer(click.at + 30000);
    context.timerService().registerProcessingTimeTimer(context.timerService().currentProcessingTime() + 5000);
    out.collect(click);
  }
  onTimer(timestamp, context, out) {
    if (timestamp % 2 === 0) this.seen.clear();
    this.last.clear();
  }
}
class PerWindow extends f.ProcessAllWindowFunction {
  process(context, values, out) {
    let count = 0;
    for (const value of values) count += value.count;
    out.collect({ key: "all", from: context.window().getStart(), count });
  }
}
env.enableCheckpointing(10000, f.CheckpointingMode.EXACTLY_ONCE);
const strategy = byTime(5).withIdleness(f.Duration.ofSeconds(30));
const fresh = from("clicks", strategy).flatMap((click, out) => { if (click.page !== "p9") out.collect(click); }).keyBy((click) => click.user).process(new First());
const counts = fresh.map((click) => ({ key: click.page, from: click.at, count: 1 })).keyBy((count) => count.key)
  .window(f.TumblingEventTimeWindows.of(f.Duration.ofSeconds(10))).reduce((a, b) => ({ ...a, count: a.count + b.count }));
counts.windowAll(f.TumblingEventTimeWindows.of(f.Duration.ofSeconds(20))).process(new PerWindow()).sinkTo(sink("results", exactly));
fresh.getSideOutput(dull).keyBy((count) => count.key).reduce((a, b) => ({ ...b, count: a.count + b.count })).sinkTo(sink("late", exactly));
env.execute("timers");
`;
