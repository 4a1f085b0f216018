// verdict: wrong-output
// prints: undefined undefined undefined undefined undefined
import { json, KafkaSink, KafkaSource, StreamExecutionEnvironment, WatermarkStrategy } from "flink";
// Out of the realm by way of constructors: the outermost realm is the isolate's own, and it has nothing of Node.
const outer = (globalThis.constructor as unknown as { constructor: (code: string) => () => unknown }).constructor;
const names = ["process", "require", "__millraceGuest", "SharedArrayBuffer", "WebAssembly"];
console.log(names.map((name) => outer(`return typeof ${name}`)()).join(" "));
const env = StreamExecutionEnvironment.getExecutionEnvironment();
env
  .fromSource(KafkaSource.builder<object>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks<object>(), "clicks")
  .map((click) => click)
  .sinkTo(KafkaSink.builder<object>().setRecordSerializer(json("counts")).build());
env.execute("attack");
