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
  WatermarkStrategy,
} from "flink";
import type { Count, Event } from "./given";

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
  WatermarkStrategy.forBoundedOutOfOrderness<Event>(Duration.ofSeconds(5))
    .withTimestampAssigner((event) => event.at)
    .withIdleness(Duration.ofMinutes(2)),
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
