import {
  AsyncDataStream,
  DeliveryGuarantee,
  type ExternalService,
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

class AddCountry extends RichAsyncFunction<Order, Priced> {
  private customers!: ExternalService<{ readonly country: string }>;

  override open() {
    this.customers = this.getRuntimeContext().getExternalService("customers");
  }

  override asyncInvoke(order: Order, result: ResultFuture<Priced>) {
    this.customers.request(order.customer, (error, customer) => {
      if (error !== null) result.completeExceptionally(error);
      else result.complete([{ ...order, country: customer?.country ?? null }]);
    });
  }

  override timeout(order: Order, result: ResultFuture<Priced>) {
    result.complete([{ ...order, country: null }]);
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

const priced = AsyncDataStream.unorderedWait(orders, new AddCountry(), 200, TimeUnit.MILLISECONDS, 50);

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
