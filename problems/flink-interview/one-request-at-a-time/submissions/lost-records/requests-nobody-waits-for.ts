import {
  type Collector,
  DeliveryGuarantee,
  type ExternalService,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ProcessContext,
  ProcessFunction,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Order, Priced } from "./given";

class AddCountry extends ProcessFunction<Order, Priced> {
  private customers!: ExternalService<{ readonly country: string }>;

  override open() {
    this.customers = this.getRuntimeContext().getExternalService("customers");
  }

  override processElement(order: Order, _context: ProcessContext, out: Collector<Priced>) {
    // The record is done with when this returns: a checkpoint knows nothing of the request.
    this.customers.request(order.customer, (_error, customer) => out.collect({ ...order, country: customer?.country ?? null }));
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

const priced = orders.process(new AddCountry());

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
