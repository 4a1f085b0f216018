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
  OutputTag,
  type ProcessWindowContext,
  ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from "flink";
import type { Hour, LateQuake, Quake } from "./given";

interface Tally {
  readonly quakes: number;
  readonly mag: number;
  readonly time: number;
  readonly place: string;
}

class CountAndStrongest implements AggregateFunction<Quake, Tally, Tally> {
  /** Magnitude 0 is not the least there is: the scale is a logarithm. */
  createAccumulator(): Tally {
    return { quakes: 0, mag: 0, time: 0, place: "" };
  }
  add(quake: Quake, tally: Tally): Tally {
    const { mag, time, place } = quake;
    return this.merge(tally, { quakes: 1, mag, time, place });
  }
  getResult(tally: Tally) {
    return tally;
  }
  merge(a: Tally, b: Tally): Tally {
    const strongest = a.mag > b.mag || (a.mag === b.mag && a.time <= b.time) ? a : b;
    return { ...strongest, quakes: a.quakes + b.quakes };
  }
}

class ToHour extends ProcessWindowFunction<Tally, Hour, string, TimeWindow> {
  override process(net: string, context: ProcessWindowContext<TimeWindow>, tallies: Iterable<Tally>, out: Collector<Hour>) {
    for (const { quakes, mag, place } of tallies) {
      out.collect({ net, hour: context.window().getStart(), quakes, strongest: mag, place });
    }
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(1_800_000);

const quakes = env.fromSource(
  KafkaSource.builder<Quake>()
    .setBootstrapServers("kafka:9092")
    .setTopics("quakes")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Quake>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Quake>(Duration.ofHours(48)).withTimestampAssigner((quake) => quake.time),
  "quakes",
);

const lateTag = new OutputTag<Quake>("late");

const hourly = quakes
  .keyBy((quake) => quake.net)
  .window(TumblingEventTimeWindows.of(Duration.ofHours(1)))
  .sideOutputLateData(lateTag)
  .aggregate(new CountAndStrongest(), new ToHour());

hourly.sinkTo(toTopic<Hour>("hourly"));
hourly
  .getSideOutput(lateTag)
  .map<LateQuake>(({ id, net, time }) => ({ id, net, time }))
  .sinkTo(toTopic<LateQuake>("late"));

env.execute("earthquakes-hourly");

function toTopic<T>(topic: string) {
  return KafkaSink.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<T>().setTopic(topic).setValueSerializationSchema(new JsonSerializationSchema<T>()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(`earthquakes-${topic}-`)
    .build();
}
