import {
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Hour, Quake } from "./given";

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(21_600_000);

const quakes = env.fromSource(
  KafkaSource.builder<Quake>()
    .setBootstrapServers("kafka:9092")
    .setTopics("quakes")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Quake>())
    .build(),
  WatermarkStrategy.noWatermarks<Quake>(),
  "quakes",
);

// Every quake is an hour of its own so far. Count per network and hour, and send late quakes to topic "late".
const hourly = quakes.map<Hour>((quake) => ({
  net: quake.net,
  hour: quake.time,
  quakes: 1,
  strongest: quake.mag,
  place: quake.place,
}));

hourly.sinkTo(toTopic<Hour>("hourly"));

env.execute("earthquakes-hourly");

function toTopic<T>(topic: string) {
  // A transaction is open from one checkpoint to the next: its timeout has to be longer than that.
  return KafkaSink.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<T>().setTopic(topic).setValueSerializationSchema(new JsonSerializationSchema<T>()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(`earthquakes-${topic}-`)
    .setProperty("transaction.timeout.ms", "43200000")
    .build();
}
