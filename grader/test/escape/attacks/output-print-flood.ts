// verdict: (output-limit|memory-limit|time-limit)
// print() writes to the task manager's file.
import { clicks, env } from "./given";
clicks
  .flatMap<string>((_click, out) => {
    for (;;) out.collect("x".repeat(10_000));
  })
  .print();
env.execute("attack");
