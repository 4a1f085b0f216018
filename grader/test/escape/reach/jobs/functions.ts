// Streams, process functions, state, timers, windows, joins, broadcast, watermarks.
import {
  AggregatingStateDescriptor,
  type BroadcastContext,
  BroadcastProcessFunction,
  CoProcessFunction,
  type Collector,
  ContinuousEventTimeTrigger,
  CountTrigger,
  CountEvictor,
  Duration,
  EventTimeSessionWindows,
  EventTimeTrigger,
  GlobalWindows,
  json,
  KafkaSink,
  KafkaSource,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  MergingWindowAssigner,
  Order,
  OutputTag,
  ProcessAllWindowFunction,
  ProcessFunction,
  ProcessJoinFunction,
  ProcessWindowFunction,
  PurgingTrigger,
  ReducingStateDescriptor,
  RichFlatMapFunction,
  RichMapFunction,
  SlidingEventTimeWindows,
  StateTtlConfig,
  StreamExecutionEnvironment,
  TimeEvictor,
  TimeWindow,
  Trigger,
  TriggerResult,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  Types,
  ValueStateDescriptor,
  WatermarkStrategy,
  WindowAssigner,
  AverageAccumulator,
  Histogram,
  IntCounter,
  MeterView,
  SimpleCounter,
  DescriptiveStatisticsHistogram,
  EmbeddedRocksDBStateBackend,
} from "flink";
import type * as flink from "flink";
import { look, spied, tell } from "./given";

interface Click {
  readonly user: string;
  readonly at: number;
  readonly n: number;
}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(2000);
const sink = <T>(as: string) => KafkaSink.builder<T>().setRecordSerializer(json("out")).setTransactionalIdPrefix(as).build();
const late = new OutputTag<Click>("late");
const strategy = WatermarkStrategy.forGenerator<Click>(
  spied((context: unknown) => {
    let max = 0;
    return spied(
      {
        onEvent: (_event: Click, at: number) => {
          max = Math.max(max, at);
        },
        onPeriodicEmit: (output: flink.WatermarkOutput) => output.emitWatermark(max - 1),
      },
      "WatermarkGenerator",
    );
  }, "generatorSupplier"),
)
  .withTimestampAssigner(
    spied(
      { createTimestampAssigner: (context: unknown) => spied({ extractTimestamp: (click: Click) => click.at }, "TimestampAssigner") },
      "TimestampAssignerSupplier",
    ),
  )
  .withIdleness(Duration.ofSeconds(10));
const clicks = env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), strategy, "clicks");
const plain = clicks.assignTimestampsAndWatermarks(
  WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner(spied((click: Click) => click.at, "timestampAssigner")),
);
const user = (click: Click) => click.user;
const byUser = plain.keyBy(spied(user, "keySelector"));

class States extends KeyedProcessFunction<string, Click, Click> {
  private all: unknown[] = [];
  override open() {
    const context = this.getRuntimeContext();
    const ttl = StateTtlConfig.newBuilder(Duration.ofHours(1)).build();
    const withTtl = [
      new ValueStateDescriptor<number>("v2"),
      new ListStateDescriptor<number>("l2"),
      new MapStateDescriptor<string, number>("m2"),
      new ReducingStateDescriptor<number>("r2", (a, b) => a + b, Types.LONG),
      new AggregatingStateDescriptor<number, number, number>("a2", {
        createAccumulator: () => 0,
        add: (x: number, y: number) => x + y,
        getResult: (x: number) => x,
        merge: (a: number, b: number) => a + b,
      }),
    ] as const;
    for (const descriptor of withTtl) descriptor.enableTimeToLive(ttl);
    this.all = [
      context.getState(new ValueStateDescriptor<number>("v", Types.LONG)),
      context.getListState(new ListStateDescriptor<number>("l")),
      context.getMapState(new MapStateDescriptor<string, number>("m")),
      context.getReducingState(
        new ReducingStateDescriptor<number>(
          "r",
          spied((a: number, b: number) => a + b, "reduce"),
          Types.LONG,
        ),
      ),
      context.getAggregatingState(
        new AggregatingStateDescriptor<number, number, number>(
          "a",
          spied(
            {
              createAccumulator: () => 0,
              add: (x: number, y: number) => x + y,
              getResult: (x: number) => x,
              merge: (a: number, b: number) => a + b,
            },
            "AggregateFunction",
          ),
        ),
      ),
      context.getState(withTtl[0]),
      context.getListState(withTtl[1]),
      context.getMapState(withTtl[2]),
      context.getReducingState(withTtl[3]),
      context.getAggregatingState(withTtl[4]),
    ];
    this.all.forEach((state) => look(state, "state"));
    context.addAccumulator("own", new AverageAccumulator());
    const metrics = context.getMetricGroup();
    look(
      [
        context.getIntCounter("i"),
        context.getLongCounter("l"),
        context.getDoubleCounter("d"),
        context.getHistogram("h"),
        context.getAccumulator("own"),
        context.getAccumulator("i"),
      ],
      "accumulators",
    );
    look(
      [
        metrics.counter("c"),
        metrics.counter("d", new SimpleCounter()),
        metrics.gauge("g", spied({ getValue: () => 1 }, "Gauge")),
        metrics.meter("m", new MeterView(metrics.counter("e"), 60)),
        metrics.histogram("h", new DescriptiveStatisticsHistogram(5)),
        metrics.addGroup("a"),
        metrics.addGroup("a", "b"),
      ],
      "metrics",
    );
  }
  override processElement(click: Click, context: flink.KeyedProcessContext<string>, out: Collector<Click>) {
    const [value, list, map, reducing, aggregating, v2, l2, m2, r2, a2] = this.all as any[];
    for (const state of [value, v2]) state.update(click.n);
    for (const state of [list, l2, reducing, aggregating, r2, a2]) state.add(click.n);
    for (const state of [map, m2]) {
      state.put(click.user, click.n);
      look([state.entries(), state.keys(), state.values(), state.get("x")], "map");
      for (const entry of state.entries()) look(entry, "map entry");
    }
    for (const state of [list, l2]) look(state.get(), "list");
    context.timerService().registerEventTimeTimer(click.at + 10);
    context.timerService().registerProcessingTimeTimer(context.timerService().currentProcessingTime() + 10);
    context.output(late, click);
    out.collect(click);
    if (click.n === 1) look(this, "States");
  }
  override onTimer() {}
}
const looked = byUser.process(spied(new States(), "KeyedProcessFunction"));
looked.getSideOutput(late).print();

class Operator extends RichMapFunction<Click, Click> {
  initializeState(context: flink.FunctionInitializationContext) {
    const store = context.getOperatorStateStore();
    look(
      [
        store.getListState(new ListStateDescriptor<number>("o")),
        store.getUnionListState(new ListStateDescriptor<number>("u")),
        store.getBroadcastState(new MapStateDescriptor<string, number>("b")),
      ],
      "operator state",
    );
  }
  snapshotState(context: flink.FunctionSnapshotContext) {}
  notifyCheckpointComplete(id: number) {}
  override map(click: Click) {
    return click;
  }
}
class Flat extends RichFlatMapFunction<Click, Click> {
  override flatMap(click: Click, out: Collector<Click>) {
    out.collect(click);
  }
}
class Proc extends ProcessFunction<Click, Click> {
  override processElement(click: Click, context: flink.ProcessContext, out: Collector<Click>) {
    out.collect(click);
  }
}
looked
  .map(spied(new Operator(), "RichMapFunction"))
  .flatMap(spied(new Flat(), "RichFlatMapFunction"))
  .process(spied(new Proc(), "ProcessFunction"))
  .map(spied((click: Click) => click, "map"))
  .filter(spied((_click: Click) => true, "filter"))
  .flatMap(spied((click: Click, out: Collector<Click>) => out.collect(click), "flatMap"))
  .partitionCustom(
    spied((key: string, channels: number) => key.length % channels, "partitioner"),
    spied(user, "partitionKey"),
  )
  .sinkTo(sink("a"));

class Wins extends ProcessWindowFunction<Click, Click, string, TimeWindow> {
  private readonly merging: boolean;
  constructor(merging = false) {
    super();
    this.merging = merging;
  }
  override process(_key: string, context: flink.ProcessWindowContext<TimeWindow>, clicks: Iterable<Click>, out: Collector<Click>) {
    look(clicks[Symbol.iterator](), "elements");
    for (const store of this.merging ? [context.globalState()] : [context.windowState(), context.globalState()])
      look(
        [store.getState(new ValueStateDescriptor<number>("p")), store.getListState(new ListStateDescriptor<number>("q"))],
        "window state",
      );
    for (const click of clicks) out.collect(click);
  }
}
class Trig extends Trigger<Click, TimeWindow> {
  override onElement(_click: Click, _at: number, window: TimeWindow, context: flink.TriggerContext) {
    look(
      [
        context.getPartitionedState(new ReducingStateDescriptor<number>("x", Math.min, Types.LONG)),
        context.getPartitionedState(new ValueStateDescriptor<number>("y", Types.LONG)),
      ],
      "partitioned state",
    );
    context.registerEventTimeTimer(window.maxTimestamp());
    return TriggerResult.CONTINUE;
  }
  override onEventTime() {
    return TriggerResult.FIRE_AND_PURGE;
  }
  override onProcessingTime() {
    return TriggerResult.CONTINUE;
  }
  override clear() {}
  override canMerge() {
    return false;
  }
  override onMerge() {}
}
class Assigner extends WindowAssigner<Click, TimeWindow> {
  override assignWindows(_click: Click, at: number) {
    return [new TimeWindow(at, at + 5)];
  }
  override getDefaultTrigger() {
    return EventTimeTrigger.create() as never;
  }
  override isEventTime() {
    return true;
  }
}
class Sessions extends MergingWindowAssigner<Click, TimeWindow> {
  private readonly inner = EventTimeSessionWindows.withGap(Duration.ofMillis(3));
  override assignWindows(click: Click, at: number, context: flink.WindowAssignerContext) {
    return this.inner.assignWindows(click, at, context) as TimeWindow[];
  }
  override mergeWindows(windows: readonly TimeWindow[], callback: never) {
    this.inner.mergeWindows(windows, callback);
  }
  override getDefaultTrigger() {
    return EventTimeTrigger.create() as never;
  }
  override isEventTime() {
    return true;
  }
}
const evictor = () =>
  spied({ evictBefore: (elements: flink.TimestampedValue<Click>[]) => look(elements, "evicted"), evictAfter: () => undefined }, "Evictor");
const sum = () =>
  spied(
    {
      createAccumulator: () => 0,
      add: (x: Click, y: number) => x.n + y,
      getResult: (x: number) => x,
      merge: (a: number, b: number) => a + b,
    },
    "AggregateFunction",
  );
byUser
  .window(spied(new Assigner(), "WindowAssigner"))
  .trigger(spied(new Trig(), "Trigger"))
  .sideOutputLateData(late)
  .process(spied(new Wins(), "ProcessWindowFunction"))
  .print();
byUser
  .window(spied(new Sessions(), "MergingWindowAssigner"))
  .process(spied(new Wins(true), "ProcessWindowFunction merging"))
  .print();
byUser
  .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
  .trigger(spied(PurgingTrigger.of(ContinuousEventTimeTrigger.of(Duration.ofMillis(2))), "PurgingTrigger") as never)
  .evictor(evictor() as never)
  .process(spied(new Wins(), "ProcessWindowFunction evicting"))
  .print();
byUser
  .window(SlidingEventTimeWindows.of(Duration.ofMillis(4), Duration.ofMillis(2)))
  .aggregate(
    sum(),
    spied((key: string, window: TimeWindow, sums: Iterable<number>, out: Collector<number>) => {
      look(sums, "sums");
      for (const x of sums) out.collect(x);
    }, "windowFunction") as never,
  )
  .print();
byUser
  .window(SlidingEventTimeWindows.of(Duration.ofMillis(4), Duration.ofMillis(2)))
  .reduce(
    spied((a: Click, b: Click) => ({ ...a, n: a.n + b.n }), "reduce"),
    spied(new Wins(), "ProcessWindowFunction reducing"),
  )
  .print();
byUser
  .window(GlobalWindows.create())
  .trigger(CountTrigger.of(2))
  .evictor(CountEvictor.of(1))
  .apply(
    spied((_key: string, window: flink.GlobalWindow, all: Iterable<Click>, out: Collector<Click>) => {
      for (const x of all) out.collect(x);
    }, "apply"),
  )
  .print();
byUser
  .window(TumblingProcessingTimeWindows.of(Duration.ofMillis(500)))
  .reduce((a, b) => a)
  .print();
byUser
  .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
  .evictor(TimeEvictor.of(Duration.ofMillis(2)))
  .aggregate(sum())
  .print();
class All extends ProcessAllWindowFunction<Click, number, TimeWindow> {
  override process(context: flink.ProcessWindowContext<TimeWindow>, all: Iterable<Click>, out: Collector<number>) {
    out.collect([...all].length);
  }
  override clear(context: flink.ProcessWindowContext<TimeWindow>) {}
}
plain
  .windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
  .process(spied(new All(), "ProcessAllWindowFunction"))
  .print();
plain
  .windowAll(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
  .apply(spied((window: TimeWindow, all: Iterable<Click>, out: Collector<number>) => out.collect([...all].length), "allApply"))
  .print();

class Co extends KeyedCoProcessFunction<string, Click, Click, Click> {
  override processElement1(click: Click, context: flink.KeyedProcessContext<string>, out: Collector<Click>) {
    context.timerService().registerEventTimeTimer(click.at);
    out.collect(click);
  }
  override processElement2(_click: Click, _context: flink.KeyedProcessContext<string>, _out: Collector<Click>) {}
  override onTimer() {}
}
class Co2 extends CoProcessFunction<Click, Click, Click> {
  override processElement1(c: Click, x: flink.ProcessContext, o: Collector<Click>) {}
  override processElement2(c: Click, x: flink.ProcessContext, o: Collector<Click>) {}
}
byUser.connect(byUser).process(spied(new Co(), "KeyedCoProcessFunction")).print();
plain.connect(plain).process(spied(new Co2(), "CoProcessFunction")).print();
plain
  .connect(plain)
  .map(spied({ map1: (c: Click) => c, map2: (c: Click) => c }, "CoMap"))
  .print();
plain
  .connect(plain)
  .flatMap(
    spied(
      { flatMap1: (c: Click, out: Collector<Click>) => out.collect(c), flatMap2: (c: Click, out: Collector<Click>) => {} },
      "CoFlatMap",
    ),
  )
  .print();
const rules = new MapStateDescriptor<string, number>("rules");
class Rules extends KeyedBroadcastProcessFunction<string, Click, Click, Click> {
  override open() {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("k"));
  }
  override processElement(click: Click, context: flink.KeyedReadOnlyBroadcastContext<string>, out: Collector<Click>) {
    look(context.getBroadcastState(rules), "read-only broadcast state");
    context.timerService().registerEventTimeTimer(click.at);
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("k")).update(1);
  }
  override processBroadcastElement(click: Click, context: flink.KeyedBroadcastContext<string>, out: Collector<Click>) {
    look(context.getBroadcastState(rules), "broadcast state");
    context.getBroadcastState(rules).put("a", 1);
    context.applyToKeyedState(
      new ValueStateDescriptor<number>("k"),
      spied((_key: string, _state: unknown) => undefined, "applyToKeyedState"),
    );
  }
  override onTimer(at: number, context: flink.KeyedBroadcastOnTimerContext<string>, out: Collector<Click>) {}
}
class Rules2 extends BroadcastProcessFunction<Click, Click, Click> {
  override processElement(click: Click, context: flink.ReadOnlyBroadcastContext, out: Collector<Click>) {
    look(context.getBroadcastState(rules), "read-only broadcast state");
  }
  override processBroadcastElement(click: Click, context: BroadcastContext, out: Collector<Click>) {
    context.getBroadcastState(rules).put("a", 1);
    look([...context.getBroadcastState(rules).entries()], "entries");
  }
}
byUser.connect(plain.broadcast(rules)).process(spied(new Rules(), "KeyedBroadcastProcessFunction")).print();
plain.connect(plain.broadcast(rules)).process(spied(new Rules2(), "BroadcastProcessFunction")).print();
class Pairs extends ProcessJoinFunction<Click, Click, Click> {
  override processElement(a: Click, b: Click, context: flink.ProcessJoinContext, out: Collector<Click>) {
    out.collect(a);
  }
}
byUser.intervalJoin(byUser).between(Duration.ofMillis(-1), Duration.ofMillis(1)).process(spied(new Pairs(), "ProcessJoinFunction")).print();
const joining = plain
  .join(plain)
  .where(user)
  .equalTo(user)
  .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)));
joining.apply(spied((a: Click, _b: Click) => a, "join")).print();
plain
  .join(plain)
  .where(user)
  .equalTo(user)
  .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
  .apply(spied((a: Click, _b: Click, out: Collector<Click>) => out.collect(a), "flatJoin"))
  .print();
plain
  .coGroup(plain)
  .where(user)
  .equalTo(user)
  .window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
  .apply(
    spied((a: Iterable<Click>, _b: Iterable<Click>, out: Collector<Click>) => {
      for (const x of a) out.collect(x);
    }, "coGroup"),
  )
  .print();
byUser.reduce(spied((a: Click, b: Click) => a, "runningReduce")).print();
byUser.sum("n").print();
byUser.countWindow(2).maxBy("n").print();
tell();
env.execute("functions");
