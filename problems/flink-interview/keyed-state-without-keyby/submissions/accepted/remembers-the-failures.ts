import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type ListState,
  ListStateDescriptor,
  type OpenContext,
  StreamExecutionEnvironment,
  Types,
  WatermarkStrategy,
} from "flink";
import type { Alarm, Attempt } from "./given";

class ThirdFailure extends KeyedProcessFunction<string, Attempt, Alarm> {
  private failed!: ListState<number>;

  override open(_context: OpenContext) {
    this.failed = this.getRuntimeContext().getListState(new ListStateDescriptor<number>("failed", Types.INT));
  }

  override processElement(attempt: Attempt, context: KeyedProcessContext<string>, out: Collector<Alarm>) {
    const failed = [...this.failed.get(), attempt.id];
    if (!attempt.ok && failed.length < 3) {
      this.failed.add(attempt.id);
      return;
    }
    if (!attempt.ok) out.collect({ attempt: attempt.id, user: context.getCurrentKey() });
    this.failed.clear();
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

const alarms = attempts.keyBy((attempt) => attempt.user.trim().toLowerCase()).process(new ThirdFailure());

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
