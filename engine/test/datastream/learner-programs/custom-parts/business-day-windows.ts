// An assigner of one's own: a window per business day (9 to 17 o'clock, Monday to Friday); what comes after hours belongs to the next one.
import {
  DeliveryGuarantee,
  Duration,
  EventTimeTrigger,
  json,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  TimeWindow,
  type Trigger,
  type Window,
  WatermarkStrategy,
  WindowAssigner,
} from "../../../../src/index.ts";

interface Click {
  readonly user: string;
  readonly at: number;
}

/** The clock of the exercise runs fast: an hour takes 100 ms. */
const HOUR = 100;
const DAY = 24 * HOUR;
const OPENS = 9 * HOUR;
const CLOSES = 17 * HOUR;

class BusinessDayWindows extends WindowAssigner<unknown, TimeWindow> {
  assignWindows(_element: unknown, timestamp: number): readonly TimeWindow[] {
    let day = Math.floor(timestamp / DAY);
    if (timestamp >= day * DAY + CLOSES) day++;
    // Day 0 is a Monday here.
    while (day % 7 >= 5) day++;
    return [new TimeWindow(day * DAY + OPENS - DAY, day * DAY + CLOSES)];
  }

  getDefaultTrigger(): Trigger<unknown, Window> {
    return EventTimeTrigger.create();
  }

  isEventTime(): boolean {
    return true;
  }

  override toString(): string {
    return "BusinessDayWindows";
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
    .window(new BusinessDayWindows())
    .aggregate(
      {
        createAccumulator: () => 0,
        add: (_click: Click, n: number) => n + 1,
        getResult: (n: number) => n,
        merge: (a: number, b: number) => a + b,
      },
      (user, window, counts, out) => {
        for (const clicks of counts) out.collect({ user, day: Math.floor(window.getEnd() / DAY), clicks });
      },
    )
    .sinkTo(
      KafkaSink.builder<{ user: string; day: number; clicks: number }>()
        .setRecordSerializer(json("out"))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("days")
        .build(),
    );
  env.execute("clicks per business day");
}
