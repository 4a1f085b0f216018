// verdict: wrong-output
// prints: TypeError TypeError TypeError TypeError TypeError
import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";
// Games with prototypes: everything that the engine's own code relies on is frozen.
const tries: (() => void)[] = [
  () => { (Array.prototype as { push: unknown }).push = () => 0; },
  () => { (Object.prototype as { toJSON?: unknown }).toJSON = () => "forged"; },
  () => { (Map.prototype as { get: unknown }).get = () => 1; },
  () => { Object.defineProperty(JSON, "stringify", { value: () => "{}" }); },
  () => { (globalThis as { Map: unknown }).Map = class {}; },
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
