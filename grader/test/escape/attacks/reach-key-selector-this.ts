// verdict: accepted
// prints: this is undefined
// prints not: this is object
// A plain function that the engine calls as a method of something of its own would have that as its `this`.
import { clicks, counts, env, RunningCount } from "./given";
function user(this: unknown, click: { user: string }) {
  console.log(`this is ${typeof this}`);
  return click.user;
}
clicks.keyBy(user).process(new RunningCount()).sinkTo(counts());
env.execute();
