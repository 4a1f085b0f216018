import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ListState,
  ListStateDescriptor,
  type OpenContext,
  RichCoFlatMapFunction,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Alert, Limit, Reading } from "./given";

class Compare extends RichCoFlatMapFunction<Reading, Limit, Alert> {
  private known!: ValueState<string>;
  private waiting!: ListState<Reading>;

  override open(_context: OpenContext) {
    this.known = this.getRuntimeContext().getState(new ValueStateDescriptor<string>("known", Types.STRING));
    this.waiting = this.getRuntimeContext().getListState(new ListStateDescriptor<Reading>("waiting"));
  }

  override flatMap1(reading: Reading, out: Collector<Alert>) {
    const known = this.known.value();
    if (known === null) this.waiting.add(reading);
    else if (known !== "off" && reading.celsius > Number(known)) out.collect({ ...reading, over: reading.celsius - Number(known) });
  }

  override flatMap2({ limit }: Limit, out: Collector<Alert>) {
    this.known.update(limit === null ? "off" : `${limit}`);
    const waited = [...this.waiting.get()];
    this.waiting.clear();
    for (const reading of waited) this.flatMap1(reading, out);
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
  .flatMap(new Compare());

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
