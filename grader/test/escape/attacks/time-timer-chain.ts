// verdict: (time-limit|runtime-error|lost-records|memory-limit)
// A processing-time timer that sets the next one, so that the job never rests.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
class Chain extends RunningCount {
  override processElement(_click: Click, context: KeyedProcessContext<string>, _out: Collector<Count>) {
    context.timerService().registerProcessingTimeTimer(context.timerService().currentProcessingTime() + 1);
  }
  override onTimer(timestamp: number, context: KeyedProcessContext<string>) {
    context.timerService().registerProcessingTimeTimer(timestamp + 1);
  }
}
honestly(new Chain());
