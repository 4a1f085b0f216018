// verdict: accepted
// judge:
// Writes on the records it is given. Those that come again after a crash must be as they were.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
class Scribble extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    const page = click as { user: string; seen?: boolean };
    if (page.seen) return;
    super.processElement(click, context, out);
    page.seen = true;
    page.user = "scribble";
  }
}
honestly(new Scribble());
