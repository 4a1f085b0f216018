// verdict: (wrong-output|lost-records|duplicate-records|nondeterministic)
// judge:
// The oldest mistake of all: counts in a variable of the module instead of state. It must be gone after a crash.
import { clicks, counts, env } from "./given";
const count = new Map<string, number>();
clicks
  .keyBy((click) => click.user)
  .map((click) => {
    count.set(click.user, (count.get(click.user) ?? 0) + 1);
    return { ...click, count: count.get(click.user)! };
  })
  .sinkTo(counts());
env.execute("attack");
