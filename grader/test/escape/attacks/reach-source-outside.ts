// verdict: accepted
// prints: made a reader
// prints not: broker
// A source of its own around the one of Kafka looks for the log broker in all that the connector makes.
import { type Collector, KafkaSource, type Source, type SourceReaderContext, type SplitEnumeratorContext, WatermarkStrategy } from "flink";
import { type Click, counts, env, RunningCount } from "./given";
const kafka = KafkaSource.builder<Click>().setTopics("clicks").build() as unknown as Source<Click>;
function search(found: any, as: string) {
  for (const key of Reflect.ownKeys(found)) console.log(`${as} has broker? ${String(key)}`.replace("broker? lastPosition", "it"));
  for (const name of ["broker", "positions", "context", "outside", "log", "client"]) if (found[name] !== undefined) console.log(`broker: ${as}.${name}`);
  return found;
}
const own: Source<Click> = {
  getBoundedness: () => kafka.getBoundedness(),
  createReader(context: SourceReaderContext) {
    console.log("made a reader");
    if ("outside" in context) console.log("broker: outside");
    return search(kafka.createReader(context), "reader");
  },
  createEnumerator(context: SplitEnumeratorContext<never>) {
    if ("outside" in context) console.log("broker: outside");
    return search(kafka.createEnumerator(context), "enumerator");
  },
  restoreEnumerator: (context, checkpoint) => kafka.restoreEnumerator(context, checkpoint),
};
env
  .fromSource(own, WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.at), "own")
  .keyBy((click) => click.user)
  .process(new RunningCount())
  .sinkTo(counts());
env.execute();
