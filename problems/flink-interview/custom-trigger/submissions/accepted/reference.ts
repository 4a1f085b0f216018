import {
  type AggregateFunction,
  type Collector,
  DeliveryGuarantee,
  Duration,
  EventTimeSessionWindows,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type OnMergeContext,
  type ProcessWindowContext,
  ProcessWindowFunction,
  ReducingStateDescriptor,
  StreamExecutionEnvironment,
  type TimeWindow,
  Trigger,
  type TriggerContext,
  TriggerResult,
  Types,
  WatermarkStrategy,
} from "flink";
import type { Action, Visit } from "./given";

class Count implements AggregateFunction<Action, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_action: Action, count: number) {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class ToVisit extends ProcessWindowFunction<number, Visit, string, TimeWindow> {
  override process(user: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<Visit>) {
    const window = context.window();
    const final = context.currentWatermark() >= window.maxTimestamp();
    for (const actions of counts) out.collect({ user, from: window.getStart(), to: window.getEnd(), actions, final });
  }
}

/** Fires early after three actions or at a checkout, and once more when the watermark has passed the end. Never purges: the counts go on. */
class EarlyAndFinal extends Trigger<Action, TimeWindow> {
  private readonly unseen = new ReducingStateDescriptor<number>("unseen", (a, b) => a + b, Types.LONG);

  override onElement(action: Action, _timestamp: number, window: TimeWindow, ctx: TriggerContext) {
    if (window.maxTimestamp() <= ctx.getCurrentWatermark()) return TriggerResult.FIRE;
    ctx.registerEventTimeTimer(window.maxTimestamp());
    const unseen = ctx.getPartitionedState(this.unseen);
    unseen.add(1);
    if (action.kind !== "checkout" && unseen.get()! < 3) return TriggerResult.CONTINUE;
    unseen.clear();
    return TriggerResult.FIRE;
  }

  override onEventTime(time: number, window: TimeWindow, _ctx: TriggerContext) {
    return time === window.maxTimestamp() ? TriggerResult.FIRE : TriggerResult.CONTINUE;
  }

  override onProcessingTime(_time: number, _window: TimeWindow, _ctx: TriggerContext) {
    return TriggerResult.CONTINUE;
  }

  override canMerge() {
    return true;
  }

  override onMerge(window: TimeWindow, ctx: OnMergeContext) {
    ctx.mergePartitionedState(this.unseen);
    if (window.maxTimestamp() > ctx.getCurrentWatermark()) ctx.registerEventTimeTimer(window.maxTimestamp());
  }

  override clear(window: TimeWindow, ctx: TriggerContext) {
    ctx.deleteEventTimeTimer(window.maxTimestamp());
    ctx.getPartitionedState(this.unseen).clear();
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(300_000);

const actions = env.fromSource(
  KafkaSource.builder<Action>()
    .setBootstrapServers("kafka:9092")
    .setTopics("actions")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Action>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Action>(Duration.ofSeconds(5)).withTimestampAssigner((action) => action.at),
  "actions",
);

const visits = actions
  .keyBy((action) => action.user)
  .window(EventTimeSessionWindows.withGap(Duration.ofMinutes(10)))
  .trigger(new EarlyAndFinal())
  .aggregate(new Count(), new ToVisit());

visits.sinkTo(
  KafkaSink.builder<Visit>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Visit>()
        .setTopic("visits")
        .setValueSerializationSchema(new JsonSerializationSchema<Visit>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("visits-")
    .build(),
);

env.execute("custom-trigger");
