import {
  type AggregateFunction,
  DeliveryGuarantee,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Rate, Request } from "./given";

/** Counts; what it counts in is not decided yet. */
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

// A row per request so far, and no window. `Count` waits to be used.
const rates = requests.map(
  (request): Rate => ({ endpoint: request.endpoint, from: request.at, to: request.at, count: new Count().createAccumulator() }),
);

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
