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
import type { Event, Unique } from "./given";

class Deduplicate extends KeyedProcessFunction<string, Event, Unique> {
  private seen!: ValueState<number>;

  override open(_context: OpenContext) {
    const descriptor = new ValueStateDescriptor<number>("seen", Types.LONG);
    this.seen = this.getRuntimeContext().getState(descriptor);
  }

  override processElement(event: Event, _context: KeyedProcessContext<string>, out: Collector<Unique>) {
    const seen = this.seen.value();
    if (seen !== null && Math.abs(event.createdAt - seen) < 24 * 3_600_000) return;
    this.seen.update(event.createdAt);
    out.collect({ id: event.id, delivery: event.delivery, payload: event.payload });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(600_000);

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
    .build(),
);

env.execute("dedup-24h");
