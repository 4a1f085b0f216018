// Kafka → Flink → Kafka, exactly once (interview guide, section 6). `npx millrace crashpoints` crashes it at every step.
import {
  CheckpointingMode,
  type DataStream,
  DeliveryGuarantee,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  SimpleStringSchema,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(1000); // The guide says 60_000; a short run should see several checkpoints.
env.getCheckpointConfig().setCheckpointingMode(CheckpointingMode.EXACTLY_ONCE);

const input: DataStream<string> = env.fromSource(
  KafkaSource.builder<string>()
    .setBootstrapServers("kafka:9092")
    .setTopics("in")
    .setValueOnlyDeserializer(new SimpleStringSchema())
    .build(),
  WatermarkStrategy.noWatermarks(),
  "in",
);

// Each map reads from all sources: only with several inputs is there anything for barriers to align.
const mapped = input.rebalance().map((text) => text.toUpperCase());

mapped.sinkTo(
  KafkaSink.builder<string>()
    .setBootstrapServers("kafka:9092")
    .setRecordSerializer(
      KafkaRecordSerializationSchema.builder<string>().setTopic("out").setValueSerializationSchema(new SimpleStringSchema()).build(),
    )
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("flink-eos-job-")
    .build(),
);

env.execute("eos-pipeline");
