import {
  AsyncDataStream,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ResultFuture,
  RichAsyncFunction,
  StreamExecutionEnvironment,
  TimeUnit,
  WatermarkStrategy,
} from "flink";
import type { Order, Priced } from "./given";

/** Requests by hand: what is under way is kept by the operator, not by this class. */
class Ask extends RichAsyncFunction<Order, Priced> {
  override asyncInvoke(order: Order, result: ResultFuture<Priced>) {
    const customers = this.getRuntimeContext().getExternalService<{ readonly country: string }>("customers");
    customers.request(order.customer, (error, customer) => {
      if (error === null) result.complete([{ ...order, country: customer === null ? null : customer.country }]);
      else result.completeExceptionally(error);
    });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(500);

const orders = env.fromSource(
  KafkaSource.builder<Order>()
    .setBootstrapServers("kafka:9092")
    .setTopics("orders")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Order>())
    .build(),
  WatermarkStrategy.noWatermarks<Order>(),
  "orders",
);

const priced = AsyncDataStream.unorderedWait(orders.rebalance(), new Ask(), 20_000, TimeUnit.MILLISECONDS, 20).setParallelism(2);

priced.sinkTo(
  KafkaSink.builder<Priced>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Priced>()
        .setTopic("priced")
        .setValueSerializationSchema(new JsonSerializationSchema<Priced>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("priced-")
    .build(),
);

env.execute("priced");
