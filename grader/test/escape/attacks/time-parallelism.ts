// verdict: (time-limit|memory-limit|runtime-error|compile-error|lost-records)
// Subtasks by the ten thousand.
import { clicks, counts, env } from "./given";
env.setParallelism(10_000);
clicks.rebalance().map((click) => ({ ...click, count: 0 })).setParallelism(10_000).sinkTo(counts());
env.execute("attack");
