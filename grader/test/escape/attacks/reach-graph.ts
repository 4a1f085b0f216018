// verdict: accepted
// prints: looked
// prints not: nodes
// Asks the environment, streams and sinks for the graph, by all the names that it could have.
import { clicks, counts, env, honestly } from "./given";
const sink: any = clicks.map((click) => ({ ...click, count: 0 })).filter(() => false).sinkTo(counts());
const graph: any = (env as any).getStreamGraph("x");
for (const holder of [env, clicks, sink, graph] as any[]) {
  for (const name of ["graph", "builder", "node", "nodes", "origins", "input", "jobConfig", "config", "tableInput", "knownType", "internals"]) {
    if (holder[name] !== undefined) console.log(`nodes: ${name}`);
  }
  for (const key of Reflect.ownKeys(holder)) if (typeof holder[key] === "object") console.log(`nodes: ${String(key)}`);
}
console.log("looked");
honestly();
