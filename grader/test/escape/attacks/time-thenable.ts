// verdict: (time-limit|runtime-error|wrong-output)
// Whoever awaits this record resolves it for ever.
import { clicks, counts, env } from "./given";
const thenable = { then: (resolve: (value: unknown) => void) => resolve(thenable) };
void (async () => await (thenable as unknown as Promise<void>))();
clicks.map((click) => ({ ...click, count: 1, ...thenable })).sinkTo(counts() as never);
env.execute("attack");
