import {
  type AggregateFunction,
  DeliveryGuarantee,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
  type Collector,
} from "flink";
import type { Click, Count } from "./given";

class Counter implements AggregateFunction<Click, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_click: Click, count: number): number {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class Label extends ProcessWindowFunction<number, Count, string, TimeWindow> {
  override process(user: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<Count>) {
    for (const count of counts) out.collect({ user, minute: context.window().getStart(), count });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(30_000);
env
  .fromSource(
    KafkaSource.builder<Click>().setTopics("clicks").build(),
    WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5)).withTimestampAssigner((click) => click.at),
    "clicks",
  )
  .keyBy((click) => click.user)
  .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
  .aggregate(new Counter(), new Label())
  .sinkTo(
    KafkaSink.builder<Count>()
      .setRecordSerializer(json("counts"))
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("counts")
      .build(),
  );
env.execute("clicks per minute");
