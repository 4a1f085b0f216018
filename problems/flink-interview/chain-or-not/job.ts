import {
  type Collector,
  JsonDeserializationSchema,
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

interface Order {
  readonly id: number;
  readonly shop: string;
  readonly cents: number;
}

interface Total extends Order {
  readonly total: number;
  /** Which subtask of "total" has counted it. */
  readonly subtask: number;
}

class TotalPerShop extends KeyedProcessFunction<string, Order, Total> {
  private total!: ValueState<number>;

  override open(_context: OpenContext) {
    this.total = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("total", Types.LONG));
  }

  override processElement(order: Order, _context: KeyedProcessContext<string>, out: Collector<Total>) {
    const total = (this.total.value() ?? 0) + order.cents;
    this.total.update(total);
    out.collect({ ...order, total, subtask: this.getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() });
  }
}

// The cluster says how parallel everything is that does not say so itself.
const env = StreamExecutionEnvironment.getExecutionEnvironment();

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
  .map((order) => ({ ...order, shop: order.shop.trim() }))
  .name("tidy")
  .filter((order) => order.cents > 0)
  .name("paid")
  .map((order) => ({ ...order, cents: Math.round(order.cents) }))
  .name("round")
  .startNewChain()
  .keyBy((order) => order.shop)
  .process(new TotalPerShop())
  .name("total")
  .filter((total) => total.total > 0)
  .name("large")
  .map((total) => total)
  .name("enrich")
  .disableChaining()
  .map((total) => ({ id: total.id, subtask: total.subtask }))
  .name("format")
  .map((line) => JSON.stringify(line))
  .name("text")
  .setParallelism(1)
  .print()
  .name("out")
  .setParallelism(1);

env.execute("chain-or-not");
