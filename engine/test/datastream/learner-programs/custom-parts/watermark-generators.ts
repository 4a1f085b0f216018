// Two watermark generators of one's own. Periodic: the bound follows the disorder seen. Punctuated: markers in the stream say how far it is.
import {
  type CustomWatermarkStrategy,
  DeliveryGuarantee,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  type TimestampAssigner,
  TumblingEventTimeWindows,
  Watermark,
  type WatermarkGenerator,
  type WatermarkGeneratorContext,
  type WatermarkOutput,
  WatermarkStrategy,
} from "../../../../src/index.ts";

interface Click {
  readonly user: string;
  readonly at: number;
  /** Set on markers: everything before this time has been sent. */
  readonly complete?: number;
}

class LearningBound implements WatermarkGenerator<Click> {
  private highest = Number.NEGATIVE_INFINITY;
  private bound = 3000;

  onEvent(_click: Click, timestamp: number): void {
    if (timestamp > this.highest) this.highest = timestamp;
    else this.bound = Math.max(this.bound, this.highest - timestamp);
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    if (this.highest > Number.NEGATIVE_INFINITY) output.emitWatermark(new Watermark(this.highest - this.bound - 1));
  }
}

class Markers implements WatermarkGenerator<Click> {
  onEvent(click: Click, _timestamp: number, output: WatermarkOutput): void {
    if (click.complete !== undefined) output.emitWatermark(new Watermark(click.complete));
  }

  onPeriodicEmit(): void {}
}

/** Both parts in one class: a strategy of one's own. */
class LearningStrategy implements CustomWatermarkStrategy<Click> {
  createWatermarkGenerator(context: WatermarkGeneratorContext): WatermarkGenerator<Click> {
    context.getMetricGroup().counter("generators").inc();
    return new LearningBound();
  }

  createTimestampAssigner(): TimestampAssigner<Click> {
    return { extractTimestamp: (click) => click.at };
  }
}

function job(strategy: WatermarkStrategy<Click> | CustomWatermarkStrategy<Click>): void {
  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  env.enableCheckpointing(700);
  env.getConfig().setAutoWatermarkInterval(100);
  env
    .fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), strategy, "clicks")
    .filter((click) => click.complete === undefined)
    .keyBy((click) => click.user)
    .window(TumblingEventTimeWindows.of(Duration.ofSeconds(1)))
    .aggregate(
      {
        createAccumulator: () => 0,
        add: (_click: Click, n: number) => n + 1,
        getResult: (n: number) => n,
        merge: (a: number, b: number) => a + b,
      },
      (user, window, counts, out) => {
        for (const clicks of counts) out.collect({ user, second: window.getStart() / 1000, clicks });
      },
    )
    .sinkTo(
      KafkaSink.builder<{ user: string; second: number; clicks: number }>()
        .setRecordSerializer(json("out"))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("seconds")
        .build(),
    );
  env.execute("clicks per second");
}

const at = (click: Click) => click.at;

export const periodic = (): void => job(WatermarkStrategy.forGenerator<Click>(() => new LearningBound()).withTimestampAssigner(at));
export const ownStrategy = (): void => job(new LearningStrategy());
export const punctuated = (): void =>
  job(
    WatermarkStrategy.forGenerator<Click>({ createWatermarkGenerator: () => new Markers() }).withTimestampAssigner({
      extractTimestamp: at,
    }),
  );
