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
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "flink";
import type { Rate, Request } from "./given";

/** How many requests of an endpoint in one minute. */
interface Minute {
  readonly endpoint: string;
  readonly count: number;
}

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

class WithEndpoint extends ProcessWindowFunction<number, Minute, string, TimeWindow> {
  override process(endpoint: string, _context: ProcessWindowContext<TimeWindow>, counts: Iterable<number>, out: Collector<Minute>) {
    for (const count of counts) out.collect({ endpoint, count });
  }
}

class WithWindow extends ProcessWindowFunction<Minute, Rate, string, TimeWindow> {
  override process(endpoint: string, context: ProcessWindowContext<TimeWindow>, minutes: Iterable<Minute>, out: Collector<Rate>) {
    const window = context.window();
    for (const { count } of minutes) out.collect({ endpoint, from: window.getStart(), to: window.getEnd(), count });
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

// Slices first: each request is counted once, and a window adds up five minutes. A minute's result bears the time of its last millisecond.
const rates = requests
  .keyBy((request) => request.endpoint)
  .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
  .aggregate(new Count(), new WithEndpoint())
  .keyBy((minute) => minute.endpoint)
  .window(SlidingEventTimeWindows.of(Duration.ofMinutes(5), Duration.ofMinutes(1)))
  .reduce((a, b) => ({ endpoint: a.endpoint, count: a.count + b.count }), new WithWindow());

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
