import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type OpenContext,
  RichFlatMapFunction,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Alarm, Attempt } from "./given";

class ThirdFailure extends RichFlatMapFunction<Attempt, Alarm> {
  private failures!: ValueState<number>;

  override open(_context: OpenContext) {
    this.failures = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("failures", Types.INT));
  }

  override flatMap(attempt: Attempt, out: Collector<Alarm>) {
    const failures = (this.failures.value() ?? 0) + (attempt.ok ? 0 : 1);
    if (failures === 3) out.collect({ attempt: attempt.id, user: attempt.user });
    if (failures % 3 === 0) this.failures.clear();
    else this.failures.update(failures);
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

const alarms = attempts
  .map((attempt) => ({ ...attempt, user: attempt.user.trim().toLowerCase() }))
  .keyBy((attempt) => attempt.user)
  .flatMap(new ThirdFailure());

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
