// verdict: accepted
// prints not: leaked
// prepareStackTrace gives call sites, and call sites give functions and `this` of the engine's frames.
import { honestly, RunningCount, tried } from "./given";
tried(() => Object.assign(Error, { prepareStackTrace: (_: unknown, sites: any[]) => sites, stackTraceLimit: 0 }));
const stack: unknown = new Error("x").stack;
if (typeof stack !== "string") console.log("leaked");
class Traced extends RunningCount {
  override open() {
    super.open();
    class Own extends Error {
      static prepareStackTrace = (_: unknown, sites: any[]) => sites;
    }
    const holder = { stack: null as unknown };
    (Error as any).captureStackTrace?.(holder);
    for (const found of [new Own("x").stack, holder.stack]) if (typeof found !== "string") console.log("leaked");
  }
}
honestly(new Traced());
