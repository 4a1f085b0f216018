import {
  type Collector,
  DeliveryGuarantee,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OpenContext,
  StateTtlConfig,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Visit, Welcome } from "./given";

class WelcomeBack extends KeyedProcessFunction<string, Visit, Welcome> {
  private known!: ValueState<boolean>;

  override open(_context: OpenContext) {
    const ttl = StateTtlConfig.newBuilder(Duration.ofHours(7))
      .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
      .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
      .build();
    const descriptor = new ValueStateDescriptor<boolean>("known", Types.BOOLEAN);
    descriptor.enableTimeToLive(ttl);
    this.known = this.getRuntimeContext().getState(descriptor);
  }

  override processElement(visit: Visit, _context: KeyedProcessContext<string>, out: Collector<Welcome>) {
    const known = this.known.value() !== null;
    this.known.update(true);
    if (!known) out.collect({ visitor: visit.visitor, id: visit.id });
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
