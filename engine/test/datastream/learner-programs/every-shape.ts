// Inference through the rest of the API: nothing below has an annotation that the compiler could have found itself.
import {
  type CoMapFunction,
  CountTrigger,
  Duration,
  EventTimeTrigger,
  GlobalWindows,
  KeyedCoProcessFunction,
  type Collector,
  type KeyedProcessContext,
  MapStateDescriptor,
  BroadcastProcessFunction,
  type BroadcastContext,
  type ReadOnlyBroadcastContext,
  PurgingTrigger,
  RestartStrategies,
  SlidingEventTimeWindows,
  StreamExecutionEnvironment,
  TimeEvictor,
  TumblingProcessingTimeWindows,
  WatermarkStrategy,
} from "flink";

interface Order {
  readonly id: string;
  readonly amount: number;
  readonly at: number;
}
interface Payment {
  readonly orderId: string;
  readonly paid: boolean;
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, Duration.ofSeconds(10)));
env.getConfig().setAutoWatermarkInterval(100);
env.getCheckpointConfig().setMinPauseBetweenCheckpoints(500);

const orders = env
  .fromData<Order>({ id: "a", amount: 1, at: 1 }, { id: "b", amount: 2, at: 2 })
  .assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<Order>().withTimestampAssigner((order) => order.at));
const payments = env.fromData([{ orderId: "a", paid: true }]);
const byId = orders.keyBy((order) => order.id);

const total: number[] = [];
byId
  .reduce((a, b) => ({ ...a, amount: a.amount + b.amount }))
  .map((order) => order.amount.toFixed(2))
  .print();
byId
  .maxBy("amount")
  .map((order) => order.id.length)
  .filter((n) => n > total.length)
  .print("longest");
byId.countWindow(3).sum("amount").print();
byId
  .countWindow(10, 5)
  .process({} as never)
  .print();

orders
  .keyBy((order) => order.id)
  .window(SlidingEventTimeWindows.of(Duration.ofMinutes(5), Duration.ofMinutes(1)))
  .trigger(PurgingTrigger.of(EventTimeTrigger.create()))
  .evictor(TimeEvictor.of(Duration.ofSeconds(30)))
  .allowedLateness(Duration.ofSeconds(30))
  .apply((key, window, input, out: Collector<string>) => out.collect(`${key} ${window.getEnd()} ${[...input].length}`))
  .map((line) => line.trim())
  .print();
orders
  .windowAll(TumblingProcessingTimeWindows.of(Duration.ofSeconds(1)))
  .reduce((a, b) => (a.amount > b.amount ? a : b))
  .print();
orders
  .keyBy((order) => order.at)
  .window(GlobalWindows.create())
  .trigger(CountTrigger.of(2))
  .max("amount")
  .print();

class Tag implements CoMapFunction<Order, Payment, string> {
  map1(order: Order) {
    return order.id;
  }
  map2(payment: Payment) {
    return payment.orderId;
  }
}
orders
  .connect(payments)
  .map(new Tag())
  .map((id) => id.toUpperCase())
  .print();

class Match extends KeyedCoProcessFunction<string, Order, Payment, Order> {
  processElement1(order: Order, _ctx: KeyedProcessContext<string>, out: Collector<Order>) {
    out.collect(order);
  }
  processElement2(_payment: Payment, _ctx: KeyedProcessContext<string>, _out: Collector<Order>) {}
}
orders
  .connect(payments)
  .keyBy(
    (order) => order.id,
    (payment) => payment.orderId,
  )
  .process(new Match())
  .map((order) => order.amount + 1)
  .print();

const rules = new MapStateDescriptor<string, Payment>("rules");
class Check extends BroadcastProcessFunction<Order, Payment, string> {
  processElement(order: Order, ctx: ReadOnlyBroadcastContext, out: Collector<string>) {
    if (ctx.getBroadcastState(rules).get(order.id)?.paid) out.collect(order.id);
  }
  processBroadcastElement(payment: Payment, ctx: BroadcastContext, _out: Collector<string>) {
    ctx.getBroadcastState(rules).put(payment.orderId, payment);
  }
}
orders
  .connect(payments.broadcast(rules))
  .process(new Check())
  .map((id) => id.length)
  .print();

orders
  .union(orders.rebalance(), orders.shuffle())
  .rescale()
  .map((order) => order.id)
  .print();
orders
  .partitionCustom(
    (id: string, channels) => id.length % channels,
    (order) => order.id,
  )
  .map((order) => order.at)
  .print();
env
  .fromSequence(1, 3)
  .map((n) => n * 2)
  .forward()
  .global()
  .print();

// @ts-expect-error the field does not exist
orders.keyBy((order) => order.user);
// @ts-expect-error a sink of other values
payments.sinkTo(null as unknown as import("flink").KafkaSink<Order>);
env.execute();
// @ts-expect-error sum needs a field of the record
orders.keyBy((order) => order.id).sum("amuont");
