import {
  type AggregateFunction,
  type Collector,
  Duration,
  EventTimeSessionWindows,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  WatermarkStrategy,
} from "flink";

interface Click {
  readonly name: string;
  readonly page: string;
  /** Event time, milliseconds. */
  readonly at: number;
}

interface Session {
  readonly from: number;
  readonly to: number;
  readonly clicks: number;
}

class Count implements AggregateFunction<Click, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_click: Click, count: number) {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class ToSession extends ProcessWindowFunction<number, Session, string, TimeWindow> {
  override process(_user: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<Session>) {
    const window = context.window();
    for (const clicks of counts) out.collect({ from: window.getStart(), to: window.getEnd(), clicks });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();

const clicks = env.fromSource(
  KafkaSource.builder<Click>()
    .setBootstrapServers("kafka:9092")
    .setTopics("clicks")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Click>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofMinutes(5)).withTimestampAssigner((click) => click.at),
  "clicks",
);

clicks
  .keyBy(() => "u_42")
  .window(EventTimeSessionWindows.withGap(Duration.ofMinutes(30)))
  .aggregate(new Count(), new ToSession())
  .sinkTo(
    KafkaSink.builder<Session>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Session>()
          .setTopic("sessions")
          .setValueSerializationSchema(new JsonSerializationSchema<Session>())
          .build(),
      )
      .build(),
  );

env.execute("session-merge-trace");
