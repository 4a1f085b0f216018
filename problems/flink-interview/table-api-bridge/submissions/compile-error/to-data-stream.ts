import {
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  OffsetsInitializer,
  Schema,
  StreamExecutionEnvironment,
  StreamTableEnvironment,
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
  .filter((order) => order.kind === "sale").map((order) => ({ city: order.city.trim().toLowerCase(), cents: order.cents }));

// A stream of new rows only cannot carry updates.
const tEnv = StreamTableEnvironment.create(env);
const table = tEnv.fromDataStream(sales, Schema.newBuilder().column("city", "STRING").column("cents", "BIGINT").build());
tEnv.createTemporaryView("sales", table);
const totals = tEnv.sqlQuery("SELECT city, COUNT(*) AS orders, SUM(cents) AS cents FROM sales GROUP BY city HAVING SUM(cents) >= 1000");

const changes = tEnv.toDataStream(totals).map(
  (row): Change => ({
    op: row.getKind().shortString(),
    city: row.getField<string>("city"),
    orders: row.getField<number>("orders"),
    cents: row.getField<number>("cents"),
  }),
);

changes.sinkTo(
  KafkaSink.builder<Change>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Change>().setTopic("city_changes").setValueSerializationSchema(new JsonSerializationSchema<Change>()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("city-changes")
    .build(),
);

env.execute("city changes");
