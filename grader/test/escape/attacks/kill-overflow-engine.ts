// verdict: (wrong-output|runtime-error|lost-records|duplicate-records|time-limit|accepted)
// Lets the engine run out of stack in the middle of something, at every depth, and goes on.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
class Diver extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    const dive = (): void => {
      try {
        dive();
      } catch {
        super.processElement({ ...click, user: "nobody" }, context, out);
      }
    };
    try {
      dive();
    } catch {}
    super.processElement(click, context, out);
  }
}
honestly(new Diver());
