import {
  type Collector,
  DeliveryGuarantee,
  Duration,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ProcessWindowContext,
  ProcessWindowFunction,
  SimpleStringSchema,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "flink";
import type { WordCount } from "./given";

/** Names the window of a count. */
class WithWindow extends ProcessWindowFunction<WordCount, WordCount, string, TimeWindow> {
  override process(_word: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<WordCount>, out: Collector<WordCount>) {
    for (const count of counts) {
      out.collect({ ...count, from: context.window().getStart(), to: context.window().getEnd() });
    }
  }
}

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
  .flatMap<WordCount>((line, out) => {
    for (const word of line.toLowerCase().split(/\s+/)) {
      if (word !== "") out.collect({ word, from: 0, to: 0, count: 1 });
    }
  })
  .keyBy((row) => row.word)
  .window(TumblingEventTimeWindows.of(Duration.ofSeconds(5)))
  .reduce((a, b) => ({ ...a, count: a.count + b.count }), new WithWindow());

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
