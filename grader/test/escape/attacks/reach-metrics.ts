// verdict: accepted
// prints: tried: TypeError
// prints not: worked
// The metric groups of functions are also the operator's: reads and changes what the report is made of.
import { honestly, RunningCount, tried } from "./given";
class Nosy extends RunningCount {
  override open() {
    super.open();
    const metrics: any = this.getRuntimeContext().getMetricGroup();
    for (const group of [metrics, metrics.addGroup("inner"), metrics.addGroup("key", "value")]) {
      console.log(`tried: ${tried(() => group.operatorCounter("numRecordsIn").inc(1e9))}`);
      console.log(`tried: ${tried(() => group.values())}`);
      console.log(`tried: ${tried(() => group.metrics.clear())}`);
      console.log(`tried: ${tried(() => group.group.metrics.clear())}`);
      console.log(`tried: ${tried(() => group.rates.advance())}`);
    }
  }
}
honestly(new Nosy());
