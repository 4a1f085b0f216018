// verdict: accepted
// prints: stack
// prints not: got
// Call sites know functions and receivers: tries to be told of them.
import { honestly, RunningCount, tried, type Click, type Count } from "./given";
import type { Collector, KeyedProcessContext } from "flink";
const prepare = (_error: unknown, sites: any[]) => {
  for (const site of sites) if (site.getThis() !== undefined || site.getFunction() !== undefined) console.log(`got ${site.getFunctionName()}`);
  return "stack of my own";
};
tried(() => { (Error as any).prepareStackTrace = prepare; });
tried(() => Object.defineProperty(Error, "prepareStackTrace", { value: prepare }));
class Own extends Error {}
tried(() => { (Own as any).prepareStackTrace = prepare; });
class Looker extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    console.log(`stack ${String(new Own("x").stack).length > 0} ${String(new Error("y").stack).length > 0}`);
    tried(() => (Error as any).captureStackTrace({}, this.processElement));
    super.processElement(click, context, out);
  }
}
honestly(new Looker());
