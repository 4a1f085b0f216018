// verdict: accepted
// prints: asked for
// prints not: symbol
// A function that is a proxy hears by which names the engine asks it for something; a symbol among them would be one that opens doors.
import { clicks, counts, env, RunningCount } from "./given";
const asked = new Set<string>();
const function_ = new Proxy(new RunningCount(), {
  get(target, key) {
    asked.add(typeof key === "symbol" ? `symbol ${String(key)}` : key);
    const value = Reflect.get(target, key) as unknown;
    return typeof value === "function" ? value.bind(target) : value;
  },
  has(target, key) {
    asked.add(typeof key === "symbol" ? `symbol ${String(key)}` : key);
    return key in target;
  },
});
clicks.keyBy((click) => click.user).process(function_).sinkTo(counts());
env.execute();
clicks.getId();
console.log(`asked for ${[...asked].join()}`);
