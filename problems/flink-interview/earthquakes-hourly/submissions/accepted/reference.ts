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
  readonly strongest: Quake | null;
}

class CountAndStrongest implements AggregateFunction<Quake, Tally, Tally> {
  createAccumulator(): Tally {
    return { quakes: 0, strongest: null };
  }
  add(quake: Quake, tally: Tally): Tally {
    return this.merge(tally, { quakes: 1, strongest: quake });
  }
  getResult(tally: Tally) {
    return tally;
  }
  merge(a: Tally, b: Tally): Tally {
    return { quakes: a.quakes + b.quakes, strongest: stronger(a.strongest, b.strongest) };
  }
}

function stronger(a: Quake | null, b: Quake | null): Quake | null {
  if (a === null || b === null) return a ?? b;
  if (a.mag !== b.mag) return a.mag > b.mag ? a : b;
  return a.time <= b.time ? a : b;
}

class ToHour extends ProcessWindowFunction<Tally, Hour, string, TimeWindow> {
  override process(net: string, context: ProcessWindowContext<TimeWindow>, tallies: Iterable<Tally>, out: Collector<Hour>) {
    for (const { quakes, strongest } of tallies) {
      out.collect({ net, hour: context.window().getStart(), quakes, strongest: strongest!.mag, place: strongest!.place });
    }
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(21_600_000);

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
  // A transaction is open from one checkpoint to the next: its timeout has to be longer than that.
  return KafkaSink.builder<T>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<T>().setTopic(topic).setValueSerializationSchema(new JsonSerializationSchema<T>()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix(`earthquakes-${topic}-`)
    .setProperty("transaction.timeout.ms", "43200000")
    .build();
}
