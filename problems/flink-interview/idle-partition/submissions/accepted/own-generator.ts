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
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from "flink";
import type { Count, Event } from "./given";

/** Bounded out-of-orderness that watches the clock itself, by the periodic calls. */
class BoundedAndIdle implements WatermarkGenerator<Event> {
  private newest = Number.NEGATIVE_INFINITY;
  private heard = false;
  private quietCalls = 0;

  onEvent(event: Event, _timestamp: number, output: WatermarkOutput) {
    this.newest = Math.max(this.newest, event.at);
    this.heard = true;
    output.markActive();
  }

  onPeriodicEmit(output: WatermarkOutput) {
    this.quietCalls = this.heard ? 0 : this.quietCalls + 1;
    this.heard = false;
    // Called every 200 ms.
    if (this.quietCalls > 600) output.markIdle();
    else if (this.newest > Number.NEGATIVE_INFINITY) output.emitWatermark(this.newest - 5_001);
  }
}

class CountAll implements AggregateFunction<Event, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_event: Event, count: number) {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class ToCount extends ProcessWindowFunction<number, Count, string, TimeWindow> {
  override process(kind: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<Count>) {
    for (const count of counts) out.collect({ kind, from: context.window().getStart(), count });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(30_000);

const events = env.fromSource(
  KafkaSource.builder<Event>()
    .setBootstrapServers("kafka:9092")
    .setTopics("events")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Event>())
    .build(),
  WatermarkStrategy.forGenerator<Event>(() => new BoundedAndIdle()).withTimestampAssigner((event) => event.at),
  "events",
);

const lateTag = new OutputTag<Event>("late");

const counts = events
  .keyBy((event) => event.kind)
  .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
  .sideOutputLateData(lateTag)
  .aggregate(new CountAll(), new ToCount());

counts.sinkTo(toTopic<Count>("counts"));
counts.getSideOutput(lateTag).sinkTo(toTopic<Event>("late"));

env.execute("idle-partition");

function toTopic<T>(topic: string) {
  return KafkaSink.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<T>().setTopic(topic).setValueSerializationSchema(new JsonSerializationSchema<T>()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(`${topic}-`)
    .build();
}
