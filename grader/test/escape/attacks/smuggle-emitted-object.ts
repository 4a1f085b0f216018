// verdict: accepted
// judge:
// Changes a record after it was written.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
class Afterthought extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    const written: Count[] = [];
    super.processElement(click, context, {
      collect: (count: Count) => {
        written.push(count);
        out.collect(count);
      },
    } as Collector<Count>);
    for (const count of written) (count as { count: number }).count = 1_000_000;
  }
}
honestly(new Afterthought());
