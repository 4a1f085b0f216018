// verdict: time-limit
// Whoever serialises this record waits for ever.
import { clicks, counts, env } from "./given";
clicks
  .map((click) => ({
    ...click,
    get count(): number {
      for (;;) {}
    },
  }))
  .sinkTo(counts());
env.execute("attack");
