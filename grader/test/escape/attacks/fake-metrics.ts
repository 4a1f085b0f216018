// verdict: (accepted|runtime-error)
// Gauges are asked when the run's report is written: they throw, lie and never end well.
import { honestly, RunningCount } from "./given";
class Measured extends RunningCount {
  override open() {
    super.open();
    const group = this.getRuntimeContext().getMetricGroup();
    group.gauge("throws", () => {
      throw Object.assign(new Error("x"), { name: "InvariantViolation" });
    });
    group.gauge("bigint", () => 1n as never);
    group.gauge("cyclic", () => {
      const a: Record<string, unknown> = {};
      a["a"] = a;
      return a as never;
    });
    group.gauge("__proto__", () => ({ toJSON: () => "forged" }) as never);
  }
}
honestly(new Measured());
