import {
  type AggregateFunction,
  type Collector,
  CountTrigger,
  DeliveryGuarantee,
  Duration,
  EventTimeSessionWindows,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
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
  .trigger(CountTrigger.of(3))
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
