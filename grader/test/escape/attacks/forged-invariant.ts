// verdict: runtime-error
import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";
const forged = new Error("forged");
forged.name = "InvariantViolation";
throw forged;
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .fromSource(KafkaSource.builder<object>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks<object>(), "clicks")
  .map((click) => click)
  .sinkTo(KafkaSink.builder<object>().setRecordSerializer(json("counts")).build());
env.execute("attack");
