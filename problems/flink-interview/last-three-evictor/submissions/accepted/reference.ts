import {
  type Collector,
  CountTrigger,
  DeliveryGuarantee,
  type Evictor,
  type EvictorContext,
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
  type TimestampedValue,
  WatermarkStrategy,
} from "flink";
import type { Mean, Reading } from "./given";

/** Keeps the last three that arrived, without those ten minutes or more older than the newest. */
class LastThree implements Evictor<Reading, GlobalWindow> {
  evictBefore(elements: TimestampedValue<Reading>[], size: number, _window: GlobalWindow, _context: EvictorContext) {
    if (size > 3) elements.splice(0, size - 3);
    const newest = Math.max(...elements.map(({ timestamp }) => timestamp));
    const kept = elements.filter(({ timestamp }) => timestamp > newest - 600_000);
    elements.splice(0, elements.length, ...kept);
  }

  evictAfter() {}
}

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

const means = readings
  .keyBy((reading) => reading.sensor)
  .window(GlobalWindows.create())
  .trigger(CountTrigger.of(1))
  .evictor(new LastThree())
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
