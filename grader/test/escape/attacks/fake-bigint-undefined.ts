// verdict: (wrong-output|runtime-error)
// Values that JSON.stringify throws at, leaves out or never ends with.
import { clicks, counts, env } from "./given";
clicks
  .map((click) => {
    const cyclic: Record<string, unknown> = { ...click };
    cyclic["count"] = [10n, undefined, Symbol("count"), () => 1, cyclic][click.at % 5];
    return cyclic;
  })
  .sinkTo(counts() as never);
env.execute("attack");
