import {
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";

interface Event {
  /** Event time, milliseconds. */
  readonly at: number;
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();

env
  .fromSource(
    KafkaSource.builder<Event>()
      .setBootstrapServers("kafka:9092")
      .setTopics("events")
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Event>())
      .build(),
    WatermarkStrategy.forBoundedOutOfOrderness<Event>(Duration.ofSeconds(5))
      .withTimestampAssigner((event) => event.at)
      .withIdleness(Duration.ofMinutes(2)),
    "events",
  )
  .sinkTo(
    KafkaSink.builder<Event>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Event>()
          .setTopic("copy")
          .setValueSerializationSchema(new JsonSerializationSchema<Event>())
          .build(),
      )
      .build(),
  );

env.execute("idle-watermark-table");
