// verdict: (wrong-output|lost-records|runtime-error|duplicate-records|compile-error)
// Reads the output topic to find the right answers there; there are none but its own.
import { KafkaSource, WatermarkStrategy } from "flink";
import { type Count, counts, env } from "./given";
env
  .fromSource(KafkaSource.builder<Count>().setTopics("counts", "expected", "counts-reference").build(), WatermarkStrategy.noWatermarks<Count>(), "answers")
  .sinkTo(counts());
env.execute("attack");
