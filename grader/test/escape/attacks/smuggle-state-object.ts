// verdict: accepted
// judge:
// Changes the object in state after the checkpoint was taken. What is restored is the checkpoint.
import { type Collector, type KeyedProcessContext, Types, type ValueState, ValueStateDescriptor } from "flink";
import { type Click, type Count, honestly, RunningCount } from "./given";
class Aliased extends RunningCount {
  private box!: ValueState<{ count: number }>;
  private readonly kept: { count: number }[] = [];
  override open() {
    this.box = this.getRuntimeContext().getState(new ValueStateDescriptor("box", Types.POJO<{ count: number }>(Object as never)));
  }
  override processElement({ user, at }: Click, _context: KeyedProcessContext<string>, out: Collector<Count>) {
    const count = (this.box.value()?.count ?? 0) + 1;
    const box = { count };
    this.box.update(box);
    out.collect({ user, at, count });
    for (const old of this.kept) if (old !== box) old.count = -1_000_000;
    this.kept.push(box);
    if (this.kept.length > 1) this.kept.shift();
    this.box.update({ count });
  }
}
honestly(new Aliased());
