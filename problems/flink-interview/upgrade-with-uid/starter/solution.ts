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
  type OpenContext,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Order, Totals } from "./given";

// Version 1 as it runs, with a 0 where the highest amount belongs.
/** What is kept of a customer. Fields with a value: a class that savepoints can evolve. */
class Account {
  orders = 0;
  total = 0;
}

class Totalling extends KeyedProcessFunction<string, Order, Totals> {
  private account!: ValueState<Account>;

  override open(_context: OpenContext) {
    const type = Types.POJO(Account, { orders: Types.LONG, total: Types.LONG });
    this.account = this.getRuntimeContext().getState(new ValueStateDescriptor<Account>("account", type));
  }

  override processElement(order: Order, _context: KeyedProcessContext<string>, out: Collector<Totals>) {
    const account = this.account.value() ?? new Account();
    account.orders++;
    account.total += order.amount;
    this.account.update(account);
    out.collect({ customer: order.customer, orders: account.orders, total: account.total, highest: 0 });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

env
  .fromSource(
    KafkaSource.builder<Order>()
      .setBootstrapServers("kafka:9092")
      .setTopics("orders")
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Order>())
      .build(),
    WatermarkStrategy.noWatermarks<Order>(),
    "orders",
  )
  .uid("orders")
  .keyBy((order) => order.customer)
  .process(new Totalling())
  .uid("totals")
  .sinkTo(
    KafkaSink.builder<Totals>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Totals>()
          .setTopic("totals")
          .setValueSerializationSchema(new JsonSerializationSchema<Totals>())
          .build(),
      )
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("totals-")
      .build(),
  )
  .uid("totals-sink");

env.execute("totals per customer");
