import {
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OpenContext,
  StreamExecutionEnvironment,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";

/** A message on topic `profiles`: what a user has said about himself. */
interface Profile {
  readonly user: string;
  readonly text: string;
  readonly at: number;
}

/** A row of topic `changes`. */
interface Change {
  readonly user: string;
  readonly version: number;
  readonly at: number;
}

interface Kept {
  readonly text: string;
  readonly version: number;
}

/** Keeps the latest profile of each user and tells of changes. */
class Profiles extends KeyedProcessFunction<string, Profile, Change> {
  private kept!: ValueState<Kept>;

  override open(_context: OpenContext) {
    this.kept = this.getRuntimeContext().getState(new ValueStateDescriptor<Kept>("kept"));
  }

  override processElement({ user, text, at }: Profile, _context: KeyedProcessContext<string>, out: Collector<Change>) {
    const kept = this.kept.value();
    if (kept !== null && kept.text === text) return;
    const version = (kept?.version ?? 0) + 1;
    this.kept.update({ text, version });
    out.collect({ user, version, at });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();

env
  .fromSource(
    KafkaSource.builder<Profile>()
      .setBootstrapServers("kafka:9092")
      .setTopics("profiles")
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Profile>())
      .build(),
    WatermarkStrategy.noWatermarks<Profile>(),
    "profiles",
  )
  .keyBy((profile) => profile.user)
  .process(new Profiles())
  .name("profiles by user")
  .sinkTo(
    KafkaSink.builder<Change>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Change>()
          .setTopic("changes")
          .setValueSerializationSchema(new JsonSerializationSchema<Change>())
          .build(),
      )
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("changes-")
      .build(),
  );

env.execute("tune-backend");
