// S2.6 of the interview guide, word for word: tuples, Types, the old Time.
import {
  type Collector,
  Duration,
  KafkaSource,
  SimpleStringSchema,
  StreamExecutionEnvironment,
  Time,
  TumblingEventTimeWindows,
  Tuple2,
  Types,
  WatermarkStrategy,
} from "flink";

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setParallelism(2);

const text = env.fromSource(
  KafkaSource.builder<string>()
    .setBootstrapServers("kafka:9092")
    .setTopics("text")
    .setValueOnlyDeserializer(new SimpleStringSchema())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<string>(Duration.ofSeconds(2)),
  "text-source",
);

const counts = text
  .flatMap((line: string, out: Collector<Tuple2<string, number>>) => {
    for (const word of line.toLowerCase().split(/\W+/)) {
      if (word.length > 0) out.collect(Tuple2.of(word, 1));
    }
  })
  .returns(Types.TUPLE(Types.STRING, Types.LONG))
  .keyBy((t) => t.f0)
  .window(TumblingEventTimeWindows.of(Time.seconds(5)))
  .sum(1);

counts.map((count) => `${count.f0.toUpperCase()}: ${count.f1.toFixed(0)}`).print();
env.execute("word-count");
