import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";

interface Reading {
  readonly id: number;
  readonly celsius: number;
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
const readings = KafkaSource.builder<Reading>().setBootstrapServers("kafka:9092").setTopics("readings").build();
const warm = KafkaSink.builder<Reading>().setBootstrapServers("kafka:9092").setRecordSerializer(json("warm")).build();
env
  .fromSource(readings, WatermarkStrategy.noWatermarks(), "readings")
  .filter((reading) => reading.celsius > 20)
  .sinkTo(warm);
env.execute("hello");
