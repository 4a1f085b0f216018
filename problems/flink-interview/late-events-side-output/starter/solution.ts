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
import type { GateCount, Tap } from "./given";

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const taps = env.fromSource(
  KafkaSource.builder<Tap>()
    .setBootstrapServers("kafka:9092")
    .setTopics("taps")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Tap>())
    .build(),
  WatermarkStrategy.noWatermarks<Tap>(),
  "taps",
);

// Every tap is a count of one so far. Count per gate and ten seconds, fire again for late taps, and send the rest to topic "late".
const counts = taps.map<GateCount>((tap) => ({ gate: tap.gate, from: tap.at, count: 1 }));

counts.sinkTo(toTopic<GateCount>("counts"));

env.execute("gate-counts");

function toTopic<T>(topic: string) {
  return KafkaSink.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<T>().setTopic(topic).setValueSerializationSchema(new JsonSerializationSchema<T>()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(`gate-${topic}-`)
    .build();
}
