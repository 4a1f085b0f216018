import {
  type Collector,
  CountTrigger,
  DeliveryGuarantee,
  Duration,
  EventTimeSessionWindows,
  EventTimeTrigger,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type OnMergeContext,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  Trigger,
  type TriggerContext,
  TriggerResult,
  WatermarkStrategy,
} from "flink";
import type { Action, Visit } from "./given";

class ToVisit extends ProcessWindowFunction<Action, Visit, string, TimeWindow> {
  override process(user: string, context: ProcessWindowContext<TimeWindow>, all: Iterable<Action>, out: Collector<Visit>) {
    const window = context.window();
    const final = context.currentWatermark() >= window.maxTimestamp();
    out.collect({ user, from: window.getStart(), to: window.getEnd(), actions: [...all].length, final });
  }
}

/** Two triggers of Flink's own, asked one after the other. */
class EarlyAndFinal extends Trigger<Action, TimeWindow> {
  private readonly atTheEnd = EventTimeTrigger.create();
  private readonly everyThree = CountTrigger.of(3);

  override onElement(action: Action, timestamp: number, window: TimeWindow, ctx: TriggerContext) {
    if (this.atTheEnd.onElement(action, timestamp, window, ctx).isFire()) return TriggerResult.FIRE;
    const result = this.everyThree.onElement(action, timestamp, window, ctx);
    if (action.kind !== "checkout") return result;
    this.everyThree.clear(window, ctx);
    return TriggerResult.FIRE;
  }

  override onEventTime(time: number, window: TimeWindow, ctx: TriggerContext) {
    return this.atTheEnd.onEventTime(time, window, ctx);
  }

  override onProcessingTime(_time: number, _window: TimeWindow, _ctx: TriggerContext) {
    return TriggerResult.CONTINUE;
  }

  override canMerge() {
    return this.atTheEnd.canMerge() && this.everyThree.canMerge();
  }

  override onMerge(window: TimeWindow, ctx: OnMergeContext) {
    this.atTheEnd.onMerge(window, ctx);
    this.everyThree.onMerge(window, ctx);
  }

  override clear(window: TimeWindow, ctx: TriggerContext) {
    this.atTheEnd.clear(window, ctx);
    this.everyThree.clear(window, ctx);
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
  .process(new ToVisit());

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
