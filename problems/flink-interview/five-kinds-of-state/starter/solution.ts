import {
  type Collector,
  DeliveryGuarantee,
  Duration,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OpenContext,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Message, Trip } from "./given";

/** Knows only when a trip began so far, and only ends at an `end`. */
class Trips extends KeyedProcessFunction<string, Message, Trip> {
  private from!: ValueState<number>;

  override open(_context: OpenContext) {
    this.from = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("from", Types.LONG));
  }

  override processElement(message: Message, context: KeyedProcessContext<string>, out: Collector<Trip>) {
    const from = this.from.value() ?? message.at;
    this.from.update(from);
    if (message.kind !== "end") return;
    out.collect({ car: context.getCurrentKey(), from, to: message.at, top: null, mean: null, faults: "", stops: "", ended: true });
    this.from.clear();
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
