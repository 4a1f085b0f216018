// A merging assigner of one's own: sessions that begin and end on whole seconds; and an evictor: only the newest click per page counts.
import {
  DeliveryGuarantee,
  Duration,
  type Evictor,
  EventTimeTrigger,
  json,
  KafkaSink,
  KafkaSource,
  type MergeCallback,
  MergingWindowAssigner,
  StreamExecutionEnvironment,
  type TimestampedValue,
  TimeWindow,
  type Trigger,
  type Window,
  WatermarkStrategy,
} from "../../../../src/index.ts";

interface Click {
  readonly user: string;
  readonly page: string;
  readonly at: number;
}

class AlignedSessionWindows extends MergingWindowAssigner<unknown, TimeWindow> {
  private readonly gapMs: number;
  private readonly unitMs: number;

  constructor(gapMs: number, unitMs: number) {
    super();
    this.gapMs = gapMs;
    this.unitMs = unitMs;
  }

  assignWindows(_element: unknown, timestamp: number): readonly TimeWindow[] {
    const start = Math.floor(timestamp / this.unitMs) * this.unitMs;
    const end = Math.ceil((timestamp + this.gapMs) / this.unitMs) * this.unitMs;
    return [new TimeWindow(start, end)];
  }

  mergeWindows(windows: readonly TimeWindow[], callback: MergeCallback<TimeWindow>): void {
    TimeWindow.mergeWindows(windows, callback);
  }

  getDefaultTrigger(): Trigger<unknown, Window> {
    return EventTimeTrigger.create();
  }

  isEventTime(): boolean {
    return true;
  }
}

class NewestPerPage implements Evictor<Click, TimeWindow> {
  evictBefore(clicks: TimestampedValue<Click>[]): void {
    const newest = new Map<string, number>();
    for (const { value } of clicks) newest.set(value.page, Math.max(newest.get(value.page) ?? 0, value.at));
    for (let index = clicks.length - 1; index >= 0; index--) {
      if (clicks[index].value.at < (newest.get(clicks[index].value.page) ?? 0)) clicks.splice(index, 1);
    }
  }

  evictAfter(): void {}
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
    .window(new AlignedSessionWindows(700, 1000))
    .evictor(new NewestPerPage())
    .apply((user, window, clicks, out: { collect(value: { user: string; seconds: number; pages: string }): void }) => {
      const pages = [...clicks].map((click) => click.page).sort();
      out.collect({ user, seconds: (window.getEnd() - window.getStart()) / 1000, pages: pages.join(" ") });
    })
    .sinkTo(
      KafkaSink.builder<{ user: string; seconds: number; pages: string }>()
        .setRecordSerializer(json("out"))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("visits")
        .build(),
    );
  env.execute("visits");
}
