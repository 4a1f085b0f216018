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
  type OpenContext,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Visit, Welcome } from "./given";

const SEVEN_HOURS_MS = 7 * 3_600_000;

class WelcomeBack extends KeyedProcessFunction<string, Visit, Welcome> {
  private seen!: ValueState<number>;

  override open(_context: OpenContext) {
    this.seen = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("seen", Types.LONG));
  }

  override processElement(visit: Visit, context: KeyedProcessContext<string>, out: Collector<Welcome>) {
    const timers = context.timerService();
    const now = timers.currentProcessingTime();
    const seen = this.seen.value();
    if (seen === null) out.collect({ visitor: visit.visitor, id: visit.id });
    else timers.deleteProcessingTimeTimer(seen + SEVEN_HOURS_MS);
    this.seen.update(now);
    timers.registerProcessingTimeTimer(now + SEVEN_HOURS_MS);
  }

  override onTimer() {
    this.seen.clear();
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(2_700_000);

const visits = env.fromSource(
  KafkaSource.builder<Visit>()
    .setBootstrapServers("kafka:9092")
    .setTopics("visits")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Visit>())
    .build(),
  WatermarkStrategy.noWatermarks<Visit>(),
  "visits",
);

const welcomes = visits.keyBy((visit) => visit.visitor).process(new WelcomeBack());

welcomes.sinkTo(
  KafkaSink.builder<Welcome>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Welcome>()
        .setTopic("welcomes")
        .setValueSerializationSchema(new JsonSerializationSchema<Welcome>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("welcomes-")
    .build(),
);

env.execute("never-grows");
