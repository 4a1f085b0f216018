// verdict: (wrong-output|runtime-error)
// Shows one value to the engine and another one to JSON.
import { clicks, counts, env } from "./given";
clicks
  .map((click) => {
    let asked = 0;
    return {
      ...click,
      get count() {
        return ++asked;
      },
      toJSON: () => ({ ...click, count: 1 }),
    };
  })
  .sinkTo(counts());
env.execute("attack");
