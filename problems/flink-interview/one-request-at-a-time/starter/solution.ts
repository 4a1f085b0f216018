import {
  DeliveryGuarantee,
  type ExternalService,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  RichMapFunction,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Order, Priced } from "./given";

class AddCountry extends RichMapFunction<Order, Priced> {
  private customers!: ExternalService<{ readonly country: string }>;

  override open() {
    this.customers = this.getRuntimeContext().getExternalService("customers");
  }

  override map(order: Order): Priced {
    const customer = this.customers.requestAndWait(order.customer);
    return { ...order, country: customer?.country ?? null };
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

const priced = orders.map(new AddCountry()).name("customers");

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
