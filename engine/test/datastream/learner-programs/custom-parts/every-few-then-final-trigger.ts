// A trigger of one's own: a preliminary result after every third click, the final one when the session is over.
import {
  DeliveryGuarantee,
  Duration,
  EventTimeSessionWindows,
  json,
  KafkaSink,
  KafkaSource,
  type OnMergeContext,
  type ProcessWindowContext,
  ProcessWindowFunction,
  type Collector,
  ReducingStateDescriptor,
  StreamExecutionEnvironment,
  type TimeWindow,
  Trigger,
  type TriggerContext,
  TriggerResult,
  Types,
  WatermarkStrategy,
} from "../../../../src/index.ts";

interface Click {
  readonly user: string;
  readonly at: number;
}

class EveryFewThenFinalTrigger extends Trigger<Click, TimeWindow> {
  private readonly count = new ReducingStateDescriptor<number>("count", (a, b) => a + b, Types.LONG);
  private readonly every: number;

  constructor(every: number) {
    super();
    this.every = every;
  }

  onElement(_click: Click, _timestamp: number, window: TimeWindow, ctx: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= ctx.getCurrentWatermark()) return TriggerResult.FIRE;
    ctx.registerEventTimeTimer(window.maxTimestamp());
    const count = ctx.getPartitionedState(this.count);
    count.add(1);
    if ((count.get() ?? 0) < this.every) return TriggerResult.CONTINUE;
    count.clear();
    return TriggerResult.FIRE;
  }

  onEventTime(time: number, window: TimeWindow, _ctx: TriggerContext): TriggerResult {
    return time === window.maxTimestamp() ? TriggerResult.FIRE_AND_PURGE : TriggerResult.CONTINUE;
  }

  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE;
  }

  override canMerge(): boolean {
    return true;
  }

  override onMerge(window: TimeWindow, ctx: OnMergeContext): void {
    ctx.mergePartitionedState(this.count);
    if (window.maxTimestamp() > ctx.getCurrentWatermark()) ctx.registerEventTimeTimer(window.maxTimestamp());
  }

  clear(window: TimeWindow, ctx: TriggerContext): void {
    ctx.deleteEventTimeTimer(window.maxTimestamp());
    ctx.getPartitionedState(this.count).clear();
  }
}

class CountClicks extends ProcessWindowFunction<Click, { user: string; clicks: number; from: number; to: number }, string, TimeWindow> {
  process(
    user: string,
    context: ProcessWindowContext<TimeWindow>,
    clicks: Iterable<Click>,
    out: Collector<{ user: string; clicks: number; from: number; to: number }>,
  ): void {
    const { start, end } = context.window();
    out.collect({ user, clicks: [...clicks].length, from: start, to: end });
  }
}

export function main(): void {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.enableCheckpointing(700);
  env
    .fromSource(
      KafkaSource.builder<Click>().setTopics("clicks").build(),
      WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(3)).withTimestampAssigner((click) => click.at),
      "clicks",
    )
    .keyBy((click) => click.user)
    .window(EventTimeSessionWindows.withGap(Duration.ofMillis(1500)))
    .trigger(new EveryFewThenFinalTrigger(3))
    .process(new CountClicks())
    .sinkTo(
      KafkaSink.builder<{ user: string; clicks: number; from: number; to: number }>()
        .setRecordSerializer(json("out"))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("sessions")
        .build(),
    );
  env.execute("sessions with preliminary results");
}
