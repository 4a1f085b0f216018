// verdict: (time-limit|memory-limit|runtime-error)
// A collection that never ends, for a bounded source.
import { clicks, counts, env } from "./given";
const endless = {
  *[Symbol.iterator]() {
    for (;;) yield { user: "ann", at: 1, count: 1 };
  },
};
env.fromCollection(endless as never).sinkTo(counts() as never);
clicks.map((click) => ({ ...click, count: 0 })).sinkTo(counts());
env.execute("attack");
