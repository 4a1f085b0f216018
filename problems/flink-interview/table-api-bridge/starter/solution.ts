import {
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  OffsetsInitializer,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Change, Order } from "./given";

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const sales = env
  .fromSource(
    KafkaSource.builder<Order>()
      .setBootstrapServers("kafka:9092")
      .setTopics("orders")
      .setStartingOffsets(OffsetsInitializer.earliest())
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Order>())
      .build(),
    WatermarkStrategy.noWatermarks<Order>(),
    "orders",
  )
  .filter((order) => order.kind === "sale")
  .map((order) => ({ city: order.city.trim().toLowerCase(), cents: order.cents }));

// Every order as a city of its own. Make a table of it, group it, and write the table's changes.
const changes = sales.map((sale): Change => ({ op: "+I", city: sale.city, orders: 1, cents: sale.cents }));

changes.sinkTo(
  KafkaSink.builder<Change>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Change>()
        .setTopic("city_changes")
        .setValueSerializationSchema(new JsonSerializationSchema<Change>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("city-changes")
    .build(),
);

env.execute("city changes");
