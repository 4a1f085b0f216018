// verdict: wrong-output
// prints: TypeError TypeError
import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";
// The engine's classes are frozen, too: neither their prototypes nor their static methods can be replaced.
const tries: (() => void)[] = [
  () => { (Object.getPrototypeOf(KafkaSink.builder<object>()) as { build: unknown }).build = () => null; },
  () => { (StreamExecutionEnvironment as { getExecutionEnvironment: unknown }).getExecutionEnvironment = () => null; },
];
const results = tries.map((attempt) => {
  try { attempt(); return "worked"; } catch (error) { return (error as Error).name; }
});
console.log(results.join(" "));
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .fromSource(KafkaSource.builder<object>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks<object>(), "clicks")
  .map((click) => click)
  .sinkTo(KafkaSink.builder<object>().setRecordSerializer(json("counts")).build());
env.execute("attack");
