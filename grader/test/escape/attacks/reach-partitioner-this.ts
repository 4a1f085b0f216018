// verdict: accepted
// prints: this is undefined
// prints not: this is object
// The same with a partitioner and its key, and with a key behind a rebalance.
import { type Click, clicks, counts, env, RunningCount } from "./given";
env.getCheckpointConfig().enableUnalignedCheckpoints(false);
function user(this: unknown, click: Click) {
  console.log(`this is ${typeof this}`);
  return click.user;
}
function partition(this: unknown, key: string, channels: number) {
  console.log(`this is ${typeof this}`);
  return key.length % channels;
}
clicks.partitionCustom(partition, user).keyBy(user).process(new RunningCount()).sinkTo(counts());
env.execute();
