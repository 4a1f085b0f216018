// verdict: (memory-limit|time-limit|runtime-error)
// A timer for every millisecond of eternity.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
class Flood extends RunningCount {
  override processElement(_click: Click, context: KeyedProcessContext<string>, _out: Collector<Count>) {
    for (let i = 1; ; i++) context.timerService().registerEventTimeTimer(1e15 + i);
  }
}
honestly(new Flood());
