import {
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";

interface Event {
  readonly name: string;
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(30_000);

env
  .fromSource(
    KafkaSource.builder<Event>()
      .setBootstrapServers("kafka:9092")
      .setTopics("in")
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Event>())
      .build(),
    WatermarkStrategy.noWatermarks<Event>(),
    "in",
  )
  .map((event): Event => ({ name: event.name.toUpperCase() }))
  // A task of its own, so that barriers travel.
  .disableChaining()
  .sinkTo(
    KafkaSink.builder<Event>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Event>()
          .setTopic("out")
          .setValueSerializationSchema(new JsonSerializationSchema<Event>())
          .build(),
      )
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("out-")
      .build(),
  );

env.execute("barrier-order");
