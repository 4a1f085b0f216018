import {
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
  WatermarkStrategy,
} from "flink";
import type { Hour, Reading } from "./given";

/** Runs once, at the end of the hour, over everything the hour has brought. */
class Summarise extends ProcessWindowFunction<Reading, Hour, string, TimeWindow> {
  override process(meter: string, context: ProcessWindowContext<TimeWindow>, readings: Iterable<Reading>, out: Collector<Hour>) {
    const watts = [...readings].map((reading) => reading.watts);
    const lowest = Math.min(...watts);
    const highest = Math.max(...watts);
    const total = watts.reduce((sum, some) => sum + some, 0);
    out.collect({ meter, from: context.window().getStart(), readings: watts.length, lowest, highest, total });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(300_000);

const readings = env.fromSource(
  KafkaSource.builder<Reading>()
    .setBootstrapServers("kafka:9092")
    .setTopics("readings")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Reading>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Reading>(Duration.ofSeconds(30)).withTimestampAssigner((reading) => reading.at),
  "readings",
);

const hours = readings
  .keyBy((reading) => reading.meter)
  .window(TumblingEventTimeWindows.of(Duration.ofHours(1)))
  .process(new Summarise());

hours.sinkTo(
  KafkaSink.builder<Hour>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Hour>()
        .setTopic("hours")
        .setValueSerializationSchema(new JsonSerializationSchema<Hour>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("hours-")
    .build(),
);

env.execute("reduce-or-process");
