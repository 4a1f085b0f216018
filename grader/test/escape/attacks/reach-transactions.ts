// verdict: (wrong-output|lost-records)
// prints: began
// prints not: reports
// A sink with transactions that has the method by which the engine gives it what reports the steps of transactions.
import { TwoPhaseCommitSinkFunction } from "flink";
import { type Click, clicks, env } from "./given";
class Nosy extends TwoPhaseCommitSinkFunction<Click, object, void> {
  setHost(host: object) {
    console.log(`reports: ${Object.keys(host).join()}`);
  }
  process(...args: unknown[]) {
    console.log(`reports: ${args.length}`);
  }
  protected beginTransaction() {
    console.log("began");
    for (const name of ["host", "pending", "current", "state"]) if ((this as any)[name] !== undefined) console.log(`reports: ${name}`);
    return {};
  }
  protected invoke() {}
  protected preCommit() {}
  protected commit() {}
  protected abort() {}
}
clicks.addSink(new Nosy());
env.execute();
