// verdict: time-limit
// A record whose list of fields never comes.
import { clicks, counts, env } from "./given";
clicks
  .map(
    (click) =>
      new Proxy({ ...click, count: 1 }, {
        ownKeys() {
          for (;;) {}
        },
      }),
  )
  .sinkTo(counts());
env.execute("attack");
