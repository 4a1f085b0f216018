import {
  type AggregateFunction,
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
  TumblingProcessingTimeWindows,
  WatermarkStrategy,
} from "flink";
import type { WordCount } from "./given";

class Count implements AggregateFunction<string, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_word: string, count: number) {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class WithWindow extends ProcessWindowFunction<number, WordCount, string, TimeWindow> {
  override process(word: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<WordCount>) {
    for (const count of counts) {
      out.collect({ word, from: context.window().getStart(), to: context.window().getEnd(), count });
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
  .flatMap<string>((line, out) => {
    for (const word of line.toLowerCase().split(/\s+/)) {
      if (word !== "") out.collect(word);
    }
  })
  .keyBy((word) => word)
  .window(TumblingProcessingTimeWindows.of(Duration.ofSeconds(5)))
  .aggregate(new Count(), new WithWindow());

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
