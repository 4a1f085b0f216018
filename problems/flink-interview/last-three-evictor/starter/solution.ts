import {
  type Collector,
  DeliveryGuarantee,
  type GlobalWindow,
  GlobalWindows,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Mean, Reading } from "./given";

/** The mean of whatever the window holds when it fires. */
class ToMean extends ProcessWindowFunction<Reading, Mean, string, GlobalWindow> {
  override process(sensor: string, _context: ProcessWindowContext<GlobalWindow>, readings: Iterable<Reading>, out: Collector<Mean>) {
    const all = [...readings];
    const sum = all.reduce((total, reading) => total + reading.celsius, 0);
    out.collect({ sensor, id: all[all.length - 1].id, readings: all.length, mean: sum / all.length });
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

// One window per sensor that never ends. Who fires it, and what goes out of it again?
const means = readings
  .keyBy((reading) => reading.sensor)
  .window(GlobalWindows.create())
  .process(new ToMean());

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
