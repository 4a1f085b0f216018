// verdict: accepted
// prints: tried: TypeError
// prints not: worked
// Private fields are found by the class alone: borrows methods for other receivers, and has other objects stamped by a constructor that it gives an object of its own.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount, tried } from "./given";
class Borrower extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    for (const held of [context, out, context.timerService(), this.count, this.getRuntimeContext()] as any[]) {
      const prototype = Object.getPrototypeOf(held);
      for (const name of Object.getOwnPropertyNames(prototype)) {
        if (name === "constructor" || typeof prototype[name] !== "function") continue;
        console.log(`tried: ${tried(() => prototype[name].call(Object.create(prototype), click, click))}`);
        console.log(`tried: ${tried(() => prototype[name].call(new Proxy(held, {}), 1, 2))}`);
      }
      class Own extends (function (this: unknown, own: object) { return own; } as unknown as new (own: object) => object) {}
      Object.setPrototypeOf(Own, function (own: object) { return own; });
      console.log(`tried: ${tried(() => { if (Object.keys(new Own(held)).length === 0) throw new TypeError("nothing there"); })}`);
    }
    super.processElement(click, context, out);
  }
}
honestly(new Borrower());
