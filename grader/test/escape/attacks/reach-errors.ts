// verdict: accepted
// prints: caught
// prints not: leads to
// What the engine throws is caught by programs: an error that carries what it is about would be a way in.
import { MapStateDescriptor, ValueStateDescriptor } from "flink";
import { clicks, env, honestly, RunningCount } from "./given";
function search(error: unknown, depth = 0, path = "error"): void {
  if (typeof error !== "object" || error === null || depth > 5) return;
  for (const key of Reflect.ownKeys(error)) {
    const value = Object.getOwnPropertyDescriptor(error, key)?.value as unknown;
    const name = (value as object | null | undefined)?.constructor?.name;
    if (typeof value === "object" && value !== null && !/^(Object|Array|Diagnostic|Error|TypeError)$/.test(name ?? "")) console.log(`leads to ${path}.${String(key)}: ${name}`);
    search(value, depth + 1, `${path}.${String(key)}`);
  }
}
function provoked(attempt: () => unknown) {
  try { attempt(); } catch (error) { console.log(`caught ${(error as Error).name}`); search(error); }
}
const any = (value: unknown) => value as any;
provoked(() => env.setParallelism(-1));
provoked(() => any(clicks).keyBy("user"));
provoked(() => any(clicks).union(1));
provoked(() => any(clicks).sinkTo({}));
provoked(() => clicks.map((x) => x).uid("a").setParallelism(0));
class Provoking extends RunningCount {
  override open() {
    super.open();
    const runtime = this.getRuntimeContext();
    provoked(() => runtime.getState(any(new MapStateDescriptor("count"))));
    provoked(() => runtime.getMapState(any(new MapStateDescriptor("count"))));
    provoked(() => runtime.getExternalService("nothing"));
    provoked(() => runtime.getState(new ValueStateDescriptor<number>("count")).value());
    provoked(() => any(runtime).getState());
  }
}
honestly(new Provoking());
