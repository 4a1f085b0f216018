// verdict: (time-limit|runtime-error|memory-limit)
// Runs out of stack again and again, in the engine's own code, and catches it every time.
import { clicks, counts, env } from "./given";
clicks
  .flatMap<{ user: string; at: number; count: number }>((click, out) => {
    const dive = (): void => {
      try {
        dive();
      } catch {
        out.collect({ ...click, count: 1 });
      }
    };
    for (;;) dive();
  })
  .sinkTo(counts());
env.execute("attack");
