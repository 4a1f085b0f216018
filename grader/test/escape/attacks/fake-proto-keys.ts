// verdict: wrong-output
// Fields named like what objects are made of, and numbers that JSON has no word for.
import { clicks, counts, env } from "./given";
const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "then", "length"];
clicks
  .map((click) => {
    const row: Record<string, unknown> = { ...click, count: [Number.NaN, Number.POSITIVE_INFINITY, -0, 1e309][click.at % 4] };
    for (const name of names) Object.defineProperty(row, name, { value: { polluted: true }, enumerable: true });
    return row;
  })
  .sinkTo(counts() as never);
env.execute("attack");
