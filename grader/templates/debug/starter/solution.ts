import {
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";

interface Reading {
  readonly id: string;
  readonly celsius: number;
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();

env
  .fromSource(
    KafkaSource.builder<Reading>()
      .setBootstrapServers("kafka:9092")
      .setTopics("readings")
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Reading>())
      .build(),
    WatermarkStrategy.noWatermarks<Reading>(),
    "readings",
  )
  .filter((reading) => reading.celsius > 20)
  .sinkTo(
    KafkaSink.builder<Reading>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Reading>()
          .setTopic("warm")
          .setValueSerializationSchema(new JsonSerializationSchema<Reading>())
          .build(),
      )
      .build(),
  );

env.execute("keep more");
