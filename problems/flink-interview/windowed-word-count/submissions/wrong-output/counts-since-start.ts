import {
  DeliveryGuarantee,
  Duration,
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
  WatermarkStrategy.forBoundedOutOfOrderness<string>(Duration.ofSeconds(2)),
  "lines",
);

const counts = lines
  .flatMap<string>((line, out) => {
    for (const word of line.toLowerCase().split(/\s+/)) {
      if (word !== "") out.collect(word);
    }
  })
  // A running total per word; the window is only pasted on.
  .map<WordCount>((word) => ({ word, from: 0, to: 0, count: 1 }))
  .keyBy((row) => row.word)
  .reduce((a, b) => ({ ...b, count: a.count + b.count }));

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
