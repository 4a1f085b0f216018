import {
  type Collector,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  OffsetsInitializer,
  type OpenContext,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";

interface Event {
  readonly key: string;
}

interface Count extends Event {
  readonly count: number;
}

class Counter extends KeyedProcessFunction<string, Event, Count> {
  private count!: ValueState<number>;

  override open(_context: OpenContext) {
    this.count = this.getRuntimeContext().getState(new ValueStateDescriptor("count", Types.LONG));
  }

  override processElement(event: Event, _context: KeyedProcessContext<string>, out: Collector<Count>) {
    const count = (this.count.value() ?? 0) + 1;
    this.count.update(count);
    out.collect({ key: event.key, count });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(5000);
env
  .fromSource(
    KafkaSource.builder<Event>()
      .setBootstrapServers("kafka:9092")
      .setTopics("events")
      .setStartingOffsets(OffsetsInitializer.earliest())
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Event>())
      .build(),
    WatermarkStrategy.noWatermarks<Event>(),
    "events",
  )
  .uid("events")
  .keyBy((event) => event.key)
  .process(new Counter())
  .uid("count")
  .sinkTo(
    KafkaSink.builder<Count>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Count>()
          .setTopic("counts")
          .setValueSerializationSchema(new JsonSerializationSchema<Count>())
          .build(),
      )
      .build(),
  )
  .uid("counts");
env.execute("count");
