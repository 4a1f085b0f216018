// verdict: (accepted|wrong-output|runtime-error)
// prints not: injected
// Copies between operators are compiled for the shape of a record: field names that would be code.
import { clicks, counts, env } from "./given";
const code = "console.log('injected')";
clicks
  .map((click) => ({ ...click, [`"];${code};["`]: 1, [`a\n${code}//`]: 1, [`\`+${code}+\``]: 1, [`\u2028${code}`]: 1, "*/": 1 }))
  .keyBy((click) => click.user)
  .map(({ user, at }) => ({ user, at, count: 1 }))
  .rebalance()
  .sinkTo(counts());
env.execute("attack");
