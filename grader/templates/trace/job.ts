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
  readonly name: string;
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
    WatermarkStrategy.forBoundedOutOfOrderness<Event>(Duration.ofSeconds(5)).withTimestampAssigner((event) => event.at),
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
env.execute("say");
