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
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "flink";
import type { Hour, Reading } from "./given";

/** All that has to be known of an hour while it lasts. */
interface Tally {
  readonly readings: number;
  readonly lowest: number;
  readonly highest: number;
  readonly total: number;
}

class Tallying implements AggregateFunction<Reading, Tally, Tally> {
  createAccumulator(): Tally {
    return { readings: 0, lowest: Number.POSITIVE_INFINITY, highest: Number.NEGATIVE_INFINITY, total: 0 };
  }
  add({ watts }: Reading, tally: Tally): Tally {
    return this.merge(tally, { readings: 1, lowest: watts, highest: watts, total: watts });
  }
  getResult(tally: Tally) {
    return tally;
  }
  merge(a: Tally, b: Tally): Tally {
    return {
      readings: a.readings + b.readings,
      lowest: Math.min(a.lowest, b.lowest),
      highest: Math.max(a.highest, b.highest),
      total: a.total + b.total,
    };
  }
}

class ToHour extends ProcessWindowFunction<Tally, Hour, string, TimeWindow> {
  override process(meter: string, context: ProcessWindowContext<TimeWindow>, tallies: Iterable<Tally>, out: Collector<Hour>) {
    for (const tally of tallies) out.collect({ meter, from: context.window().getStart(), ...tally });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(300_000);

const readings = env.fromSource(
  KafkaSource.builder<Reading>()
    .setBootstrapServers("kafka:9092")
    .setTopics("readings")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Reading>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Reading>(Duration.ofSeconds(30)).withTimestampAssigner((reading) => reading.at),
  "readings",
);

const hours = readings
  .keyBy((reading) => reading.meter)
  .window(TumblingEventTimeWindows.of(Duration.ofHours(1)))
  .aggregate(new Tallying(), new ToHour());

hours.sinkTo(
  KafkaSink.builder<Hour>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Hour>()
        .setTopic("hours")
        .setValueSerializationSchema(new JsonSerializationSchema<Hour>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("hours-")
    .build(),
);

env.execute("reduce-or-process");
