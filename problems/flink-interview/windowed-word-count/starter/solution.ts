import {
  DeliveryGuarantee,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  SimpleStringSchema,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { WordCount } from "./given";

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const lines = env.fromSource(
  KafkaSource.builder<string>()
    .setBootstrapServers("kafka:9092")
    .setTopics("lines")
    .setValueOnlyDeserializer(new SimpleStringSchema())
    .build(),
  WatermarkStrategy.noWatermarks<string>(),
  "lines",
);

const counts = lines
  // One row per line so far. Make it one row per word and window.
  .map<WordCount>((line) => ({ word: line, from: 0, to: 0, count: 1 }));

counts.sinkTo(
  KafkaSink.builder<WordCount>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<WordCount>()
        .setTopic("counts")
        .setValueSerializationSchema(new JsonSerializationSchema<WordCount>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("word-count-")
    .build(),
);

env.execute("word-count");
