import {
  type AggregateFunction,
  type Collector,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  OutputTag,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "flink";

interface Event {
  readonly name: string;
  /** Event time, milliseconds. */
  readonly at: number;
}

class Count implements AggregateFunction<Event, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_event: Event, count: number) {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class WithWindow extends ProcessWindowFunction<number, { from: number; to: number; count: number }, string, TimeWindow> {
  override process(
    _key: string,
    context: ProcessWindowContext<TimeWindow>,
    counts: Iterable<number>,
    out: Collector<{ from: number; to: number; count: number }>,
  ) {
    for (const count of counts) {
      out.collect({ from: context.window().getStart(), to: context.window().getEnd(), count });
    }
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();

const events = env.fromSource(
  KafkaSource.builder<Event>()
    .setBootstrapServers("kafka:9092")
    .setTopics("events")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Event>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Event>(Duration.ofSeconds(5)).withTimestampAssigner((event) => event.at),
  "events",
);

const lateTag = new OutputTag<Event>("late");

const counts = events
  .keyBy(() => "all")
  .window(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
  .allowedLateness(Duration.ofSeconds(30))
  .sideOutputLateData(lateTag)
  .aggregate(new Count(), new WithWindow());

counts.sinkTo(toTopic("counts"));
counts.getSideOutput(lateTag).sinkTo(toTopic("late"));

env.execute("trace");

function toTopic<T>(topic: string) {
  return KafkaSink.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<T>().setTopic(topic).setValueSerializationSchema(new JsonSerializationSchema<T>()).build(),
    )
    .build();
}
