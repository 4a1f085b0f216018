import {
  CoProcessFunction,
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ProcessContext,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Alert, Limit, Reading } from "./given";

class Compare extends CoProcessFunction<Reading, Limit, Alert> {
  private readonly known = new Map<string, number | null>();
  private readonly waiting = new Map<string, Reading[]>();

  override processElement1(reading: Reading, _context: ProcessContext, out: Collector<Alert>) {
    const limit = this.known.get(reading.device);
    if (limit !== undefined) compare(reading, limit, out);
    else this.waiting.set(reading.device, [...(this.waiting.get(reading.device) ?? []), reading]);
  }

  override processElement2({ device, limit }: Limit, _context: ProcessContext, out: Collector<Alert>) {
    this.known.set(device, limit);
    for (const reading of this.waiting.get(device) ?? []) compare(reading, limit, out);
    this.waiting.delete(device);
  }
}

function compare(reading: Reading, limit: number | null, out: Collector<Alert>) {
  if (limit !== null && reading.celsius > limit) out.collect({ ...reading, over: reading.celsius - limit });
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const readings = env.fromSource(fromTopic<Reading>("readings"), WatermarkStrategy.noWatermarks<Reading>(), "readings");
const limits = env.fromSource(fromTopic<Limit>("limits"), WatermarkStrategy.noWatermarks<Limit>(), "limits");

const alerts = readings.connect(limits).process(new Compare());

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
