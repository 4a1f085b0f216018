// verdict: accepted
// prints not: leaked
// Sloppy functions know who calls them, unless the caller is strict.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
const look = new Function(`
  const found = [];
  try { found.push(arguments.callee.caller); } catch {}
  try { found.push(look.caller); } catch {}
  try { found.push(arguments.callee.caller.arguments); } catch {}
  return found.filter((item) => item != null);
`) as () => unknown[];
const sloppy = new Function("look", "report", `return function sloppy() {
  for (const found of look()) if (found !== sloppy && typeof found === 'function') report('leaked a caller');
  if (sloppy.caller != null && sloppy.caller !== sloppy) report('leaked its caller');
  if (this !== globalThis) report('leaked this');
}`)(look, console.log) as () => unknown;
class Caller extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    [1].map(sloppy);
    super.processElement(click, context, out);
  }
}
honestly(new Caller());
