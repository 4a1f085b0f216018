import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  RichFlatMapFunction,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Alarm, Attempt } from "./given";

class ThirdFailure extends RichFlatMapFunction<Attempt, Alarm> {
  // One map per subtask, and empty after every restart.
  private readonly failures = new Map<string, number>();

  override flatMap(attempt: Attempt, out: Collector<Alarm>) {
    const failures = attempt.ok ? 0 : (this.failures.get(attempt.user) ?? 0) + 1;
    if (failures === 3) out.collect({ attempt: attempt.id, user: attempt.user });
    this.failures.set(attempt.user, failures % 3);
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const attempts = env.fromSource(
  KafkaSource.builder<Attempt>()
    .setBootstrapServers("kafka:9092")
    .setTopics("attempts")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Attempt>())
    .build(),
  WatermarkStrategy.noWatermarks<Attempt>(),
  "attempts",
);

const alarms = attempts.map((attempt) => ({ ...attempt, user: attempt.user.trim().toLowerCase() })).flatMap(new ThirdFailure());

alarms.sinkTo(
  KafkaSink.builder<Alarm>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Alarm>()
        .setTopic("alarms")
        .setValueSerializationSchema(new JsonSerializationSchema<Alarm>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("alarms-")
    .build(),
);

env.execute("alarms");
