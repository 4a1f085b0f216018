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
  WatermarkStrategy,
} from "flink";
import type { Mean, Reading } from "./given";

class ToMean extends KeyedProcessFunction<string, Reading, Mean> {
  private last!: ListState<Reading>;

  override open(_context: OpenContext) {
    this.last = this.getRuntimeContext().getListState(new ListStateDescriptor<Reading>("last"));
  }

  override processElement(reading: Reading, context: KeyedProcessContext<string>, out: Collector<Mean>) {
    const young = [...(this.last.get() ?? [])].filter(({ at }) => at > reading.at - 600_000);
    const all = [...young, reading].slice(-3);
    this.last.update(all);
    const sum = all.reduce((total, { celsius }) => total + celsius, 0);
    out.collect({ sensor: context.getCurrentKey(), id: reading.id, readings: all.length, mean: sum / all.length });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(180_000);

const readings = env.fromSource(
  KafkaSource.builder<Reading>()
    .setBootstrapServers("kafka:9092")
    .setTopics("readings")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Reading>())
    .build(),
  WatermarkStrategy.forMonotonousTimestamps<Reading>().withTimestampAssigner((reading) => reading.at),
  "readings",
);

const means = readings.keyBy((reading) => reading.sensor).process(new ToMean());

means.sinkTo(
  KafkaSink.builder<Mean>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Mean>()
        .setTopic("means")
        .setValueSerializationSchema(new JsonSerializationSchema<Mean>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("means-")
    .build(),
);

env.execute("last-three-evictor");
