// verdict: (output-limit|memory-limit|time-limit)
// Records without end from one record.
import { clicks, counts, env } from "./given";
clicks
  .flatMap<{ user: string; at: number; count: number }>((click, out) => {
    for (let i = 0; ; i++) out.collect({ ...click, count: i });
  })
  .sinkTo(counts());
env.execute("attack");
