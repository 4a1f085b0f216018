import {
  type AggregateFunction,
  CheckpointingMode,
  type Collector,
  DeliveryGuarantee,
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
  readonly user: string;
  readonly page: string;
  /** Event time, epoch milliseconds. */
  readonly at: number;
}

interface Session {
  readonly user: string;
  readonly from: number;
  readonly to: number;
  readonly clicks: number;
  readonly landing: string;
}

/** What is kept of a session while it is open. */
interface Summary {
  readonly first: Click | null;
  readonly clicks: number;
}

class Summarise implements AggregateFunction<Click, Summary, Summary> {
  createAccumulator(): Summary {
    return { first: null, clicks: 0 };
  }
  add(click: Click, summary: Summary): Summary {
    return this.merge(summary, { first: click, clicks: 1 });
  }
  getResult(summary: Summary) {
    return summary;
  }
  merge(a: Summary, b: Summary): Summary {
    const first = a.first === null || (b.first !== null && b.first.at < a.first.at) ? b.first : a.first;
    return { first, clicks: a.clicks + b.clicks };
  }
}

class ToSession extends ProcessWindowFunction<Summary, Session, string, TimeWindow> {
  override process(user: string, context: ProcessWindowContext<TimeWindow>, summaries: Iterable<Summary>, out: Collector<Session>) {
    for (const { first, clicks } of summaries) {
      const window = context.window();
      out.collect({ user, from: window.getStart(), to: window.getEnd(), clicks, landing: first!.page });
    }
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(900_000, CheckpointingMode.EXACTLY_ONCE);

const clicks = env.fromSource(
  KafkaSource.builder<Click>()
    .setBootstrapServers("kafka:9092")
    .setTopics("clicks")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Click>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5)).withTimestampAssigner((click) => click.at),
  "clicks",
);

const sessions = clicks
  .keyBy((click) => click.user)
  .window(EventTimeSessionWindows.withGap(Duration.ofMinutes(30)))
  .aggregate(new Summarise(), new ToSession());

sessions.sinkTo(
  KafkaSink.builder<Session>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Session>()
        .setTopic("sessions")
        .setValueSerializationSchema(new JsonSerializationSchema<Session>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("clickstream-sessions-")
    .build(),
);

env.execute("clickstream-sessionisation");
