// verdict: (accepted|runtime-error)
// Results of accumulators are part of the engine's report.
import { type Accumulator } from "flink";
import { honestly, RunningCount } from "./given";
const evil = {
  add: () => undefined,
  getLocalValue: () => ({ toJSON: () => { throw new Error("x"); }, big: 1n }),
  resetLocal: () => undefined,
  merge: () => undefined,
  clone: () => evil,
} as unknown as Accumulator<unknown, unknown>;
class Reporting extends RunningCount {
  override open() {
    super.open();
    this.getRuntimeContext().addAccumulator("__proto__", evil);
    this.getRuntimeContext().addAccumulator("evil", evil);
  }
}
honestly(new Reporting());
