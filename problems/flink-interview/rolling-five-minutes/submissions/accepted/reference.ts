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
  type ProcessWindowContext,
  ProcessWindowFunction,
  SlidingEventTimeWindows,
  StreamExecutionEnvironment,
  type TimeWindow,
  WatermarkStrategy,
} from "flink";
import type { Rate, Request } from "./given";

class Count implements AggregateFunction<Request, number, number> {
  createAccumulator() {
    return 0;
  }
  add(_request: Request, count: number) {
    return count + 1;
  }
  getResult(count: number) {
    return count;
  }
  merge(a: number, b: number) {
    return a + b;
  }
}

class WithWindow extends ProcessWindowFunction<number, Rate, string, TimeWindow> {
  override process(endpoint: string, context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<Rate>) {
    const window = context.window();
    for (const count of counts) out.collect({ endpoint, from: window.getStart(), to: window.getEnd(), count });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(30_000);

const requests = env.fromSource(
  KafkaSource.builder<Request>()
    .setBootstrapServers("kafka:9092")
    .setTopics("requests")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Request>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Request>(Duration.ofSeconds(10)).withTimestampAssigner((request) => request.at),
  "requests",
);

const rates = requests
  .keyBy((request) => request.endpoint)
  .window(SlidingEventTimeWindows.of(Duration.ofMinutes(5), Duration.ofMinutes(1)))
  .aggregate(new Count(), new WithWindow());

rates.sinkTo(
  KafkaSink.builder<Rate>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Rate>()
        .setTopic("rates")
        .setValueSerializationSchema(new JsonSerializationSchema<Rate>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("rates-")
    .build(),
);

env.execute("rolling-five-minutes");
