import {
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

function stronger(a: Quake, b: Quake): Quake {
  if (a.mag !== b.mag) return a.mag > b.mag ? a : b;
  return a.time <= b.time ? a : b;
}

/** The strongest quake seen so far in a window, and how many there were. */
interface Tally {
  readonly quakes: number;
  readonly strongest: Quake;
}

class ToHour extends ProcessWindowFunction<Tally, Hour, string, TimeWindow> {
  override process(net: string, context: ProcessWindowContext<TimeWindow>, tallies: Iterable<Tally>, out: Collector<Hour>) {
    for (const { quakes, strongest } of tallies) {
      out.collect({ net, hour: context.window().getStart(), quakes, strongest: strongest.mag, place: strongest.place });
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

const lateTag = new OutputTag<Tally>("late");

const hourly = quakes
  .map<Tally>((strongest) => ({ quakes: 1, strongest }))
  .keyBy((tally) => tally.strongest.net)
  .window(TumblingEventTimeWindows.of(Duration.ofHours(1)))
  .sideOutputLateData(lateTag)
  .reduce((a, b) => ({ quakes: a.quakes + b.quakes, strongest: stronger(a.strongest, b.strongest) }), new ToHour());

hourly.sinkTo(toTopic<Hour>("hourly"));
hourly
  .getSideOutput(lateTag)
  .map<LateQuake>(({ strongest: { id, net, time } }) => ({ id, net, time }))
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
