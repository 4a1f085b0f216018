import {
  type AggregateFunction,
  type Collector,
  DeliveryGuarantee,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from "flink";
import type { Message, Summary } from "./given";

class EndOfBatch implements WatermarkGenerator<Message> {
  onEvent(message: Message, _timestamp: number, output: WatermarkOutput) {
    // The mark says exactly what a watermark says.
    if (message.kind === "end") output.emitWatermark(message.at);
  }

  onPeriodicEmit(_output: WatermarkOutput) {}
}

interface Hottest {
  readonly readings: number;
  readonly celsius: number;
}

class Summarise implements AggregateFunction<Message, Hottest, Hottest> {
  createAccumulator(): Hottest {
    return { readings: 0, celsius: Number.NEGATIVE_INFINITY };
  }
  add(message: Message, hottest: Hottest): Hottest {
    return { readings: hottest.readings + 1, celsius: Math.max(hottest.celsius, message.celsius) };
  }
  getResult(hottest: Hottest) {
    return hottest;
  }
  merge(a: Hottest, b: Hottest): Hottest {
    return { readings: a.readings + b.readings, celsius: Math.max(a.celsius, b.celsius) };
  }
}

class ToSummary extends ProcessWindowFunction<Hottest, Summary, string, TimeWindow> {
  override process(station: string, context: ProcessWindowContext<TimeWindow>, results: Iterable<Hottest>, out: Collector<Summary>) {
    for (const { readings, celsius } of results) out.collect({ station, from: context.window().getStart(), readings, hottest: celsius });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const messages = env.fromSource(
  KafkaSource.builder<Message>()
    .setBootstrapServers("kafka:9092")
    .setTopics("readings")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Message>())
    .build(),
  WatermarkStrategy.forGenerator<Message>(() => new EndOfBatch()).withTimestampAssigner((message) => message.at),
  "readings",
);

const summaries = messages
  .filter((message) => message.kind === "reading")
  .keyBy((message) => message.station)
  .window(TumblingEventTimeWindows.of(Duration.ofMinutes(10)))
  .aggregate(new Summarise(), new ToSummary());

summaries.sinkTo(
  KafkaSink.builder<Summary>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Summary>()
        .setTopic("summaries")
        .setValueSerializationSchema(new JsonSerializationSchema<Summary>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
    .build(),
);

env.execute("custom-watermarks");
