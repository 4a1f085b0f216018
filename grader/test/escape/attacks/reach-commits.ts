// verdict: (wrong-output|lost-records)
// prints: asked to commit
// prints not: worked
// Requests to a committer are also the operator's: what has been answered, and what becomes of it, is not the sink's to change.
import type { CommitRequest, Sink } from "flink";
import { type Click, clicks, env, tried } from "./given";
let names = 0;
const own: Sink<Click, string> = {
  createWriter: () => ({ write() {}, flush() {}, prepareCommit: () => [`c${names++}`], close() {} }),
  createCommitter: () => ({
    commit(requests: readonly CommitRequest<string>[]) {
      console.log("asked to commit");
      for (const request of requests as any[]) {
        for (const name of ["select", "commitUnlessAnswered", "snapshot"]) console.log(`${name}: ${tried(() => request[name]((x: unknown) => x))}`);
        for (const name of ["counters", "state", "request", "pending"]) console.log(`${name}: ${tried(() => Object.keys(request[name]))}`);
      }
      (requests as unknown[]).length = 0;
    },
    close() {},
  }),
};
clicks.sinkTo(own);
env.execute();
