// verdict: accepted
// prints: asked
// prints not: operator
// A function that has the methods which the engine's own functions have, by which they get at their operator.
import { AsyncDataStream, RichAsyncFunction, type ResultFuture } from "flink";
import { type Click, clicks, counts, env, RunningCount } from "./given";
class Nosy extends RichAsyncFunction<Click, Click> {
  useOperator(context: object) {
    console.log(`operator: ${Object.keys(context).join()}`);
  }
  override asyncInvoke(click: Click, result: ResultFuture<Click>) {
    console.log("asked");
    for (const name of ["handler", "entry", "operations", "record", "timer"]) if ((result as any)[name] !== undefined) console.log(`operator: ${name}`);
    result.complete([click]);
  }
}
AsyncDataStream.orderedWait(clicks, new Nosy(), 1000).keyBy((click) => click.user).process(new RunningCount()).sinkTo(counts());
env.execute();
