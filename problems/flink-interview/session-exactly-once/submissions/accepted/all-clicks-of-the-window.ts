import {
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
import type { Click, Session } from "./given";

/** Keeps every click until the session is over: right, but its state grows with the session instead of staying at one summary. */
class ToSession extends ProcessWindowFunction<Click, Session, string, TimeWindow> {
  override process(user: string, context: ProcessWindowContext<TimeWindow>, clicks: Iterable<Click>, out: Collector<Session>) {
    const sorted = [...clicks].sort((a, b) => a.at - b.at);
    const window = context.window();
    out.collect({ user, from: window.getStart(), to: window.getEnd(), clicks: sorted.length, landing: sorted[0].page });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(60_000, CheckpointingMode.EXACTLY_ONCE);

const clicks = env.fromSource(
  KafkaSource.builder<Click>()
    .setBootstrapServers("kafka:9092")
    .setTopics("clicks")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Click>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5))
    .withTimestampAssigner((click) => click.at)
    .withIdleness(Duration.ofMinutes(2)),
  "clicks",
);

const sessions = clicks
  .keyBy((click) => click.user)
  .window(EventTimeSessionWindows.withGap(Duration.ofMinutes(30)))
  .process(new ToSession());

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
