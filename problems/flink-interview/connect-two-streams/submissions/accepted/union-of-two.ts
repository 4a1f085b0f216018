import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type ListState,
  ListStateDescriptor,
  type OpenContext,
  StreamExecutionEnvironment,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Alert, Limit, Reading } from "./given";

interface Message {
  readonly device: string;
  readonly reading: Reading | null;
  readonly limit: number | null;
}

class Compare extends KeyedProcessFunction<string, Message, Alert> {
  private known!: ValueState<{ limit: number | null }>;
  private waiting!: ListState<Reading>;

  override open(_context: OpenContext) {
    this.known = this.getRuntimeContext().getState(new ValueStateDescriptor<{ limit: number | null }>("known"));
    this.waiting = this.getRuntimeContext().getListState(new ListStateDescriptor<Reading>("waiting"));
  }

  override processElement({ reading, limit }: Message, _context: KeyedProcessContext<string>, out: Collector<Alert>) {
    if (reading === null) this.known.update({ limit });
    else this.waiting.add(reading);
    const known = this.known.value();
    if (known === null) return;
    for (const waited of this.waiting.get()) {
      if (known.limit !== null && waited.celsius > known.limit) out.collect({ ...waited, over: waited.celsius - known.limit });
    }
    this.waiting.clear();
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const readings = env.fromSource(fromTopic<Reading>("readings"), WatermarkStrategy.noWatermarks<Reading>(), "readings");
const limits = env.fromSource(fromTopic<Limit>("limits"), WatermarkStrategy.noWatermarks<Limit>(), "limits");

const alerts = readings
  .map((reading): Message => ({ device: reading.device, reading, limit: null }))
  .union(limits.map(({ device, limit }): Message => ({ device, reading: null, limit })))
  .keyBy((message) => message.device)
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
