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

/** A reading as an hour of one: what is reduced has to have the type of the result. */
class ToHour extends ProcessWindowFunction<Hour, Hour, string, TimeWindow> {
  override process(_meter: string, context: ProcessWindowContext<TimeWindow>, hours: Iterable<Hour>, out: Collector<Hour>) {
    for (const hour of hours) out.collect({ ...hour, from: context.window().getStart() });
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
  .map(({ meter, watts }): Hour => ({ meter, from: 0, readings: 1, lowest: watts, highest: watts, total: watts }))
  .keyBy((hour) => hour.meter)
  .window(TumblingEventTimeWindows.of(Duration.ofHours(1)))
  .reduce(
    (a, b) => ({
      meter: a.meter,
      from: 0,
      readings: a.readings + b.readings,
      lowest: Math.min(a.lowest, b.lowest),
      highest: Math.max(a.highest, b.highest),
      total: a.total + b.total,
    }),
    new ToHour(),
  );

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
