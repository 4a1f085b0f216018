// verdict: (wrong-output|lost-records)
// prints: made a writer
// prints not: outside
// A sink of its own asks its contexts for what lies outside the cluster, by name, by symbol and around the prototype.
import type { CommitterInitContext, Sink, WriterInitContext } from "flink";
import { type Click, clicks, env } from "./given";
function search(context: any) {
  for (let holder = context; holder !== null; holder = Object.getPrototypeOf(holder)) {
    for (const key of Reflect.ownKeys(holder)) {
      if (typeof key === "symbol" || /outside|steps|waitForAnswer|operatorId|context|mailbox|broker/.test(key)) console.log(`outside: ${String(key)}`);
    }
  }
}
class Nosy implements Sink<Click, string> {
  createWriter(context: WriterInitContext) {
    console.log("made a writer");
    [context, context.getProcessingTimeService(), context.metricGroup(), context.getTaskInfo(), context.getJobInfo()].forEach(search);
    return { write: (_click: Click, seen: unknown) => search(seen), flush() {}, prepareCommit: () => [], close() {} };
  }
  createCommitter(context: CommitterInitContext) {
    search(context);
    return { commit() {}, close() {} };
  }
}
clicks.sinkTo(new Nosy());
env.execute();
