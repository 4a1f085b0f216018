import {
  type AggregateFunction,
  type Collector,
  DeliveryGuarantee,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  OutputTag,
  type ProcessContext,
  ProcessFunction,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "flink";
import type { GateCount, Tap } from "./given";

class Count implements AggregateFunction<Tap, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_tap: Tap, count: number) {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class WithWindow extends ProcessWindowFunction<number, GateCount, string, TimeWindow> {
  override process(gate: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<GateCount>) {
    for (const count of counts) {
      out.collect({ gate, from: context.window().getStart(), count });
    }
  }
}

/** Copies every tap behind the watermark to `late`, also those whose window still counts them. */
class CopyBehindWatermark extends ProcessFunction<Tap, Tap> {
  override processElement(tap: Tap, context: ProcessContext, out: Collector<Tap>) {
    if (tap.at <= context.timerService().currentWatermark()) context.output(lateTag, tap);
    out.collect(tap);
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const taps = env.fromSource(
  KafkaSource.builder<Tap>()
    .setBootstrapServers("kafka:9092")
    .setTopics("taps")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Tap>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Tap>(Duration.ofSeconds(5)).withTimestampAssigner((tap) => tap.at),
  "taps",
);

const lateTag = new OutputTag<Tap>("late");
const marked = taps.process(new CopyBehindWatermark());

const counts = marked
  .keyBy((tap) => tap.gate)
  .window(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
  .allowedLateness(Duration.ofSeconds(30))
  .aggregate(new Count(), new WithWindow());

counts.sinkTo(toTopic<GateCount>("counts"));
marked.getSideOutput(lateTag).sinkTo(toTopic<Tap>("late"));

env.execute("gate-counts");

function toTopic<T>(topic: string) {
  return KafkaSink.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<T>().setTopic(topic).setValueSerializationSchema(new JsonSerializationSchema<T>()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(`gate-${topic}-`)
    .build();
}
