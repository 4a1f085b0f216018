// verdict: (output-limit|memory-limit|time-limit)
// Few records, each of fifty megabytes.
import { clicks, counts, env } from "./given";
clicks.map((click) => ({ ...click, count: 1, user: click.user.padEnd(50_000_000, "\u2028\n\"\\") })).sinkTo(counts());
env.execute("attack");
