import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  OffsetsInitializer,
  type OpenContext,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Change, Order } from "./given";

interface Sale {
  readonly city: string;
  readonly cents: number;
}

/** What GROUP BY and HAVING do: the row before, the row after, each written if it passes. */
class Totals extends KeyedProcessFunction<string, Sale, Change> {
  private orders!: ValueState<number>;
  private cents!: ValueState<number>;

  override open(_context: OpenContext) {
    this.orders = this.getRuntimeContext().getState(new ValueStateDescriptor("orders", Types.LONG));
    this.cents = this.getRuntimeContext().getState(new ValueStateDescriptor("cents", Types.LONG));
  }

  override processElement(sale: Sale, _context: KeyedProcessContext<string>, out: Collector<Change>) {
    const before = { orders: this.orders.value() ?? 0, cents: this.cents.value() ?? 0 };
    const after = { orders: before.orders + 1, cents: before.cents + sale.cents };
    this.orders.update(after.orders);
    this.cents.update(after.cents);
    if (before.cents >= 1000) out.collect({ op: "-U", city: sale.city, ...before });
    if (after.cents >= 1000) out.collect({ op: before.orders === 0 ? "+I" : "+U", city: sale.city, ...after });
  }
}

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

const changes = sales.keyBy((sale) => sale.city).process(new Totals());

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
