// verdict: (time-limit|runtime-error|wrong-output)
// JSON.stringify asks objects what to write.
import { clicks, counts, env } from "./given";
clicks
  .map((click) => ({
    ...click,
    count: 1,
    toJSON() {
      for (;;) {}
    },
  }))
  .sinkTo(counts());
env.execute("attack");
