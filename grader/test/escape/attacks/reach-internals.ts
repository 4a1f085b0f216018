// verdict: accepted
// prints not: reached
// Walks over all that a job is handed, looking for the parts of the engine that write the report.
import type { Collector, KeyedProcessContext } from "flink";
import { type Click, type Count, clicks, env, honestly, RunningCount } from "./given";
const wanted = /^_?(JobMaster|LogBroker|RunJournal|EventLoop|Recorder|GraphBuilder|Subtask|StateMeter)$/;
const seen = new Set<unknown>();
function walk(root: unknown, from: string): void {
  const queue = [root];
  for (let next = queue.pop(); queue.length > 0 || next !== undefined; next = queue.pop()) {
    if ((typeof next !== "object" && typeof next !== "function") || next === null || seen.has(next)) continue;
    seen.add(next);
    const name = (Object.getPrototypeOf(next) as object | null)?.constructor?.name ?? "";
    if (wanted.test(name)) console.log(`reached ${name} from ${from}`);
    if (next instanceof Map || next instanceof Set) queue.push(...[...next].flat());
    for (const key of Reflect.ownKeys(next)) queue.push(Object.getOwnPropertyDescriptor(next, key)?.value);
  }
}
walk([env, clicks], "the program");
class Walker extends RunningCount {
  override open() {
    super.open();
    walk([this.getRuntimeContext(), this.count], "open");
  }
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    walk([context, context.timerService(), out], "processElement");
    super.processElement(click, context, out);
  }
}
honestly(new Walker());
