import {
  DeliveryGuarantee,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Hour, Reading } from "./given";

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

// A row per reading, the last of an hour being the right one: reduce without a window never knows when an hour is over.
const hours = readings
  .map(({ meter, watts, at }): Hour => ({ meter, from: at - (at % 3_600_000), readings: 1, lowest: watts, highest: watts, total: watts }))
  .keyBy((hour) => `${hour.meter} ${hour.from}`)
  .reduce((a, b) => ({
    meter: a.meter,
    from: a.from,
    readings: a.readings + b.readings,
    lowest: Math.min(a.lowest, b.lowest),
    highest: Math.max(a.highest, b.highest),
    total: a.total + b.total,
  }));

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
