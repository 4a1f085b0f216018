// verdict: wrong-output
// prints: TypeError TypeError TypeError
import { json, KafkaSink, KafkaSource, ScalarFunction, StreamExecutionEnvironment, Table, TableEnvironment, WatermarkStrategy } from "flink";
// What comes into the isolate only for programs that use it is frozen like the rest, before the program runs.
const tries: (() => void)[] = [
  () => { (Table.prototype as { select: unknown }).select = () => null; },
  () => { (TableEnvironment as { create: unknown }).create = () => null; },
  () => { (Object.getPrototypeOf(ScalarFunction.prototype) as { open: unknown }).open = () => null; },
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
