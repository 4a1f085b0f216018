import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  KeyedCoProcessFunction,
  type KeyedProcessContext,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Alert, Limit, Reading } from "./given";

class Compare extends KeyedCoProcessFunction<string, Reading, Limit, Alert> {
  override processElement1(reading: Reading, _context: KeyedProcessContext<string>, out: Collector<Alert>) {
    // Every reading is an alert so far.
    out.collect({ ...reading, over: 0 });
  }

  override processElement2(_limit: Limit, _context: KeyedProcessContext<string>, _out: Collector<Alert>) {
    // What has to be remembered here, and where?
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const readings = env.fromSource(fromTopic<Reading>("readings"), WatermarkStrategy.noWatermarks<Reading>(), "readings");
const limits = env.fromSource(fromTopic<Limit>("limits"), WatermarkStrategy.noWatermarks<Limit>(), "limits");

const alerts = readings
  .connect(limits)
  .keyBy(
    (reading) => reading.device,
    (limit) => limit.device,
  )
  .process(new Compare());

alerts.sinkTo(
  KafkaSink.builder<Alert>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Alert>()
        .setTopic("alerts")
        .setValueSerializationSchema(new JsonSerializationSchema<Alert>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("alerts-")
    .build(),
);

env.execute("limits");

function fromTopic<T>(topic: string) {
  return KafkaSource.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setTopics(topic)
    .setValueOnlyDeserializer(new JsonDeserializationSchema<T>())
    .build();
}
