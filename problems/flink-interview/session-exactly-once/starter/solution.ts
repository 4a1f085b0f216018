import {
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";
import type { Click, Session } from "./given";

const env = StreamExecutionEnvironment.getExecutionEnvironment();

const clicks = env.fromSource(
  KafkaSource.builder<Click>()
    .setBootstrapServers("kafka:9092")
    .setTopics("clicks")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Click>())
    .build(),
  WatermarkStrategy.noWatermarks<Click>(),
  "clicks",
);

// Every click is a session of its own so far. Make sessions of them.
const sessions = clicks.map<Session>((click) => ({
  user: click.user,
  from: click.at,
  to: click.at,
  clicks: 1,
  landing: click.page,
}));

sessions.sinkTo(
  KafkaSink.builder<Session>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<Session>()
        .setTopic("sessions")
        .setValueSerializationSchema(new JsonSerializationSchema<Session>())
        .build(),
    )
    .build(),
);

env.execute("clickstream-sessionisation");
