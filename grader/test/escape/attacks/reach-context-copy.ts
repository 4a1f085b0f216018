// verdict: accepted
// prints: copy: Diagnostic
// prints: proxy: Diagnostic
// prints not: worked
// Hands a connector a context of its own, and listens to what it is asked for.
import { KafkaSink, type Sink, json, TransactionalLogClient, type WriterInitContext } from "flink";
import { clicks, type Count, counts, env, RunningCount, tried } from "./given";
const kafka = KafkaSink.builder<Count>().setRecordSerializer(json("counts")).build() as Sink<Count>;
const inner = counts();
const own: Sink<Count> = {
  ...inner,
  createWriter(context: WriterInitContext) {
    console.log(`copy: ${tried(() => kafka.createWriter({ ...context }))}`);
    console.log(`proxy: ${tried(() => kafka.createWriter(new Proxy(context, { get: (target, key) => { console.log(`asked for ${String(key)}`); return Reflect.get(target, key); } })))}`);
    console.log(`below: ${tried(() => new TransactionalLogClient(Object.create(context) as WriterInitContext))}`);
    return inner.createWriter(context);
  },
  restoreWriter: (context, state) => inner.restoreWriter!(context, state),
  createCommitter: (context) => inner.createCommitter!(context),
};
clicks.keyBy((click) => click.user).process(new RunningCount()).sinkTo(own);
env.execute();
