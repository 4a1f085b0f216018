// verdict: wrong-output
// prints: one
import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";
// Module variables do not survive from one deployment to the next, and nothing can be parked on the global object.
let counter = 0;
counter++;
console.log(counter === 1 ? "one" : "survived");
try { (globalThis as { parked?: number }).parked = 1; console.log("parked"); } catch {}
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .fromSource(KafkaSource.builder<object>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks<object>(), "clicks")
  .map((click) => click)
  .sinkTo(KafkaSink.builder<object>().setRecordSerializer(json("counts")).build());
env.execute("attack");
