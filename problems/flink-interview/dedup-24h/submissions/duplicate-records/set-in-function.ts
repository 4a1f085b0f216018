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
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Event, Unique } from "./given";

class Deduplicate extends KeyedProcessFunction<string, Event, Unique> {
  // One map per subtask, in memory only: a crash empties it.
  private readonly seen = new Map<string, number>();

  override processElement(event: Event, context: KeyedProcessContext<string>, out: Collector<Unique>) {
    const now = context.timerService().currentProcessingTime();
    const seenMs = this.seen.get(event.id);
    if (seenMs !== undefined && now - seenMs < 24 * 3_600_000) return;
    this.seen.set(event.id, now);
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
