// verdict: accepted
// prints: tried: TypeError
// prints not: worked
// States have a table, a namespace and more, which are the operators': points one at another namespace, merges, takes what is stored.
import { type Collector, type KeyedProcessContext, ListStateDescriptor, MapStateDescriptor, ValueStateDescriptor } from "flink";
import { type Click, type Count, honestly, RunningCount, tried } from "./given";
class Shifty extends ValueStateDescriptor<number> {
  constructor(name: string) {
    super(name);
    let asked = 0;
    tried(() => Object.defineProperty(this, "kind", { get: () => (++asked % 2 === 0 ? "map" : "value") }));
  }
}
class Nosy extends RunningCount {
  override processElement(click: Click, context: KeyedProcessContext<string>, out: Collector<Count>) {
    const runtime = this.getRuntimeContext();
    const states: any[] = [this.count, runtime.getListState(new ListStateDescriptor<number>("l")), runtime.getMapState(new MapStateDescriptor<string, number>("m"))];
    for (const state of states) {
      for (const name of ["setCurrentNamespace", "mergeNamespaces", "getInternal", "setInternal", "addedFirst", "valuesInto"]) console.log(`tried: ${tried(() => state[name](click, []))}`);
      for (const name of ["table", "family", "store", "handle", "backend"]) console.log(`tried: ${tried(() => Object.keys(state[name]))}`);
    }
    tried(() => runtime.getState(new Shifty("shifty")));
    super.processElement(click, context, out);
  }
}
honestly(new Nosy());
