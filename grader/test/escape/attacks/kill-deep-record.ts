// verdict: (runtime-error|memory-limit|time-limit)
// A record nested a million times.
import { clicks, counts, env } from "./given";
clicks
  .map((click) => {
    let value: unknown = 1;
    for (let i = 0; i < 1_000_000; i++) value = [value];
    return { ...click, count: value };
  })
  .keyBy((click) => click.user)
  .map((click) => click as never)
  .sinkTo(counts());
env.execute("attack");
