import {
  type AggregateFunction,
  type AggregatingState,
  AggregatingStateDescriptor,
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
  type ListState,
  ListStateDescriptor,
  type MapState,
  MapStateDescriptor,
  type OpenContext,
  type ReducingState,
  ReducingStateDescriptor,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Message, Trip } from "./given";

const SILENCE_MS = 1_800_000;

/** When a trip began, and when it was last heard of. */
interface Span {
  readonly from: number;
  readonly to: number;
}

class Mean implements AggregateFunction<number, { sum: number; count: number }, number> {
  createAccumulator() {
    return { sum: 0, count: 0 };
  }
  add(speed: number, { sum, count }: { sum: number; count: number }) {
    return { sum: sum + speed, count: count + 1 };
  }
  getResult({ sum, count }: { sum: number; count: number }) {
    return sum / count;
  }
  merge(a: { sum: number; count: number }, b: { sum: number; count: number }) {
    return { sum: a.sum + b.sum, count: a.count + b.count };
  }
}

class Trips extends KeyedProcessFunction<string, Message, Trip> {
  private span!: ValueState<Span>;
  private top!: ReducingState<number>;
  private mean!: AggregatingState<number, number>;
  private faults!: MapState<string, number>;
  private stops!: ListState<string>;

  override open(_context: OpenContext) {
    const context = this.getRuntimeContext();
    this.span = context.getState(new ValueStateDescriptor<Span>("span"));
    this.top = context.getReducingState(new ReducingStateDescriptor<number>("top", (a, b) => Math.max(a, b), Types.DOUBLE));
    this.mean = context.getAggregatingState(new AggregatingStateDescriptor("mean", new Mean()));
    this.faults = context.getMapState(new MapStateDescriptor<string, number>("faults", Types.STRING, Types.LONG));
    this.stops = context.getListState(new ListStateDescriptor<string>("stops", Types.STRING));
  }

  override processElement(message: Message, context: KeyedProcessContext<string>, out: Collector<Trip>) {
    const before = this.span.value();
    // The timer of a trip that is over may still be waiting for the watermark.
    if (before !== null && message.at - before.to >= SILENCE_MS) this.report(context, out, false);
    const span = this.span.value();
    if (span !== null) context.timerService().deleteEventTimeTimer(span.to + SILENCE_MS);
    this.span.update({ from: span?.from ?? message.at, to: message.at });
    switch (message.kind) {
      case "move":
        this.top.add(message.speed);
        this.mean.add(message.speed);
        break;
      case "fault":
        this.faults.put(message.code, (this.faults.get(message.code) ?? 0) + 1);
        break;
      case "stop":
        this.stops.add(message.place);
        break;
      case "end":
        this.report(context, out, true);
        return;
    }
    context.timerService().registerEventTimeTimer(message.at + SILENCE_MS);
  }

  override onTimer(_timestamp: number, context: KeyedOnTimerContext<string>, out: Collector<Trip>) {
    this.report(context, out, false);
  }

  /** Writes the trip and forgets it. */
  private report(context: KeyedProcessContext<string>, out: Collector<Trip>, ended: boolean) {
    const span = this.span.value();
    if (span === null) return;
    const faults = [...this.faults.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, times]) => `${code}:${times}`);
    out.collect({
      car: context.getCurrentKey(),
      from: span.from,
      to: span.to,
      top: this.top.get(),
      mean: this.mean.get(),
      faults: faults.join(" "),
      stops: [...(this.stops.get() ?? [])].join(" "),
      ended,
    });
    context.timerService().deleteEventTimeTimer(span.to + SILENCE_MS);
    this.span.clear();
    this.top.clear();
    this.mean.clear();
    this.faults.clear();
    this.stops.clear();
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
