import {
  type Collector,
  DeliveryGuarantee,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OpenContext,
  StreamExecutionEnvironment,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Message, Trip } from "./given";

const SILENCE_MS = 1_800_000;

interface Open {
  readonly from: number;
  readonly to: number;
  readonly speeds: readonly number[];
  readonly faults: readonly string[];
  readonly stops: readonly string[];
}

/** Everything of a trip in one value. Each message reads and writes the whole of it. */
class Trips extends KeyedProcessFunction<string, Message, Trip> {
  private trip!: ValueState<Open>;

  override open(_context: OpenContext) {
    this.trip = this.getRuntimeContext().getState(new ValueStateDescriptor<Open>("trip"));
  }

  override processElement(message: Message, context: KeyedProcessContext<string>, out: Collector<Trip>) {
    let trip = this.trip.value();
    if (trip !== null && message.at >= trip.to + SILENCE_MS) {
      this.report(trip, context.getCurrentKey(), out, false);
      trip = null;
    }
    const { from, speeds, faults, stops } = trip ?? { from: message.at, speeds: [], faults: [], stops: [] };
    const next: Open = {
      from,
      to: message.at,
      speeds: message.kind === "move" ? [...speeds, message.speed] : speeds,
      faults: message.kind === "fault" ? [...faults, message.code] : faults,
      stops: message.kind === "stop" ? [...stops, message.place] : stops,
    };
    if (message.kind === "end") {
      this.report(next, context.getCurrentKey(), out, true);
      return;
    }
    this.trip.update(next);
    context.timerService().registerEventTimeTimer(message.at + SILENCE_MS);
  }

  // Old timers are left to fire; only the one of the last message counts.
  override onTimer(timestamp: number, context: KeyedOnTimerContext<string>, out: Collector<Trip>) {
    const trip = this.trip.value();
    if (trip !== null && trip.to + SILENCE_MS === timestamp) this.report(trip, context.getCurrentKey(), out, false);
  }

  private report({ from, to, speeds, faults, stops }: Open, car: string, out: Collector<Trip>, ended: boolean) {
    const codes = [...new Set(faults)].sort().map((code) => `${code}:${faults.filter((other) => other === code).length}`);
    const top = speeds.length === 0 ? null : Math.max(...speeds);
    const mean = speeds.length === 0 ? null : speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
    out.collect({ car, from, to, top, mean, faults: codes.join(" "), stops: stops.join(" "), ended });
    this.trip.clear();
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(300_000);

const messages = env.fromSource(
  KafkaSource.builder<Message>()
    .setBootstrapServers("kafka:9092")
    .setTopics("messages")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Message>())
    .build(),
  WatermarkStrategy.forBoundedOutOfOrderness<Message>(Duration.ofSeconds(5)).withTimestampAssigner((message) => message.at),
  "messages",
);

const trips = messages.keyBy((message) => message.car).process(new Trips());

trips.sinkTo(
  KafkaSink.builder<Trip>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Trip>()
        .setTopic("trips")
        .setValueSerializationSchema(new JsonSerializationSchema<Trip>())
        .build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("trips-")
    .build(),
);

env.execute("five-kinds-of-state");
