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
import type { Event, Unique } from "./given";

class Deduplicate extends KeyedProcessFunction<string, Event, Unique> {
  private seen!: ValueState<boolean>;

  override open(_context: OpenContext) {
    const ttl = StateTtlConfig.newBuilder(Duration.ofHours(24))
      .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
      .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
      .build();
    const descriptor = new ValueStateDescriptor<boolean>("seen", Types.BOOLEAN);
    descriptor.enableTimeToLive(ttl);
    this.seen = this.getRuntimeContext().getState(descriptor);
  }

  override processElement(event: Event, _context: KeyedProcessContext<string>, out: Collector<Unique>) {
    if (this.seen.value() !== null) return;
    this.seen.update(true);
    out.collect({ id: event.id, delivery: event.delivery, payload: event.payload });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(7_200_000);

const events = env.fromSource(
  KafkaSource.builder<Event>()
    .setBootstrapServers("kafka:9092")
    .setTopics("events")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Event>())
    .build(),
  WatermarkStrategy.noWatermarks<Event>(),
  "events",
);

const unique = events.keyBy((event) => event.id).process(new Deduplicate());

unique.sinkTo(
  KafkaSink.builder<Unique>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Unique>()
        .setTopic("unique")
        .setValueSerializationSchema(new JsonSerializationSchema<Unique>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("dedup-")
    // A transaction is open from one checkpoint to the next: its timeout has to be longer than that.
    .setProperty("transaction.timeout.ms", "14400000")
    .build(),
);

env.execute("dedup-24h");
