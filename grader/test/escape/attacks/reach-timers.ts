// verdict: accepted
// prints: tried: TypeError
// prints not: worked
// Timers of other namespaces, the clock of the whole task, the element that a context is about: all behind what functions are given.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount, tried } from "./given";
class Nosy extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    const [timers, held, collector] = [context.timerService(), context, out] as any[];
    console.log(`tried: ${tried(() => timers.timers.advanceWatermark(1e12))}`);
    console.log(`tried: ${tried(() => held.ofTimer(1e12, "EVENT_TIME"))}`);
    console.log(`tried: ${tried(() => held.ofRecord({ timestamp: 1e12, hasTimestamp: true }))}`);
    console.log(`tried: ${tried(() => collector.setAbsoluteTimestamp(1e12))}`);
    console.log(`tried: ${tried(() => collector.collectSide({ id: "x" }, click))}`);
    console.log(`tried: ${tried(() => collector.output.emitWatermark(1e12))}`);
    console.log(`tried: ${tried(() => collector.record.setTimestamp(1e12))}`);
    super.processElement(click, context, out);
  }
}
honestly(new Nosy());
