// verdict: time-limit
// A key that is computed anew for ever, by way of valueOf.
import { clicks, counts, env } from "./given";
clicks
  .keyBy((click) => {
    for (;;) `${click.user}`.localeCompare("a");
  })
  .map((click: { user: string; at: number }) => ({ ...click, count: 1 }))
  .sinkTo(counts());
env.execute("attack");
