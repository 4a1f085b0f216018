// verdict: (time-limit|runtime-error)
// Fails at every record and wants to be restarted for ever.
import { RestartStrategies } from "flink";
import { env, withEach } from "./given";
env.setRestartStrategy(RestartStrategies.fixedDelayRestart(2_000_000_000, 0));
withEach(() => {
  throw new Error("again");
});
