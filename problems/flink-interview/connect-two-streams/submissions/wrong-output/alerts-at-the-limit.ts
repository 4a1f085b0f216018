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
  type ListState,
  ListStateDescriptor,
  type OpenContext,
  StreamExecutionEnvironment,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Alert, Limit, Reading } from "./given";

class Compare extends KeyedCoProcessFunction<string, Reading, Limit, Alert> {
  /** Wrapped, because a state cannot hold null: null means that there is no value. */
  private known!: ValueState<{ limit: number | null }>;
  private waiting!: ListState<Reading>;

  override open(_context: OpenContext) {
    this.known = this.getRuntimeContext().getState(new ValueStateDescriptor<{ limit: number | null }>("known"));
    this.waiting = this.getRuntimeContext().getListState(new ListStateDescriptor<Reading>("waiting"));
  }

  override processElement1(reading: Reading, _context: KeyedProcessContext<string>, out: Collector<Alert>) {
    const known = this.known.value();
    if (known === null) this.waiting.add(reading);
    else compare(reading, known.limit, out);
  }

  override processElement2({ limit }: Limit, _context: KeyedProcessContext<string>, out: Collector<Alert>) {
    this.known.update({ limit });
    for (const reading of this.waiting.get()) compare(reading, limit, out);
    this.waiting.clear();
  }
}

function compare(reading: Reading, limit: number | null, out: Collector<Alert>) {
  if (limit !== null && reading.celsius >= limit) out.collect({ ...reading, over: reading.celsius - limit });
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
