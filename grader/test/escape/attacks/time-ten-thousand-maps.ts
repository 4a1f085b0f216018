// verdict: (time-limit|memory-limit|runtime-error|compile-error|wrong-output)
// A job of ten thousand operators.
import { clicks, counts, env } from "./given";
let stream = clicks.map((click) => click);
for (let i = 0; i < 10_000; i++) stream = stream.map((click) => click).disableChaining();
stream.map((click) => ({ ...click, count: 0 })).sinkTo(counts());
env.execute("attack");
