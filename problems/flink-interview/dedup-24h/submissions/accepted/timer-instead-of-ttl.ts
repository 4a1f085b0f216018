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
  private seen!: ValueState<boolean>;

  override open(_context: OpenContext) {
    this.seen = this.getRuntimeContext().getState(new ValueStateDescriptor<boolean>("seen", Types.BOOLEAN));
  }

  override processElement(event: Event, context: KeyedProcessContext<string>, out: Collector<Unique>) {
    if (this.seen.value() !== null) return;
    this.seen.update(true);
    const timers = context.timerService();
    timers.registerProcessingTimeTimer(timers.currentProcessingTime() + 24 * 3_600_000);
    out.collect({ id: event.id, delivery: event.delivery, payload: event.payload });
  }

  override onTimer() {
    this.seen.clear();
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
