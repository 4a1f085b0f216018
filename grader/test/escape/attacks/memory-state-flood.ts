// verdict: (memory-limit|time-limit)
// State without end, from inside an operator.
import { type Collector, type KeyedProcessContext, ListStateDescriptor, Types } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
class Flood extends RunningCount {
  override processElement({ user }: Click, _context: KeyedProcessContext<string>, _out: Collector<Count>) {
    const list = this.getRuntimeContext().getListState(new ListStateDescriptor("flood", Types.STRING));
    for (let i = 0; ; i++) list.add(`${user} ${i}`.repeat(50));
  }
}
honestly(new Flood());
