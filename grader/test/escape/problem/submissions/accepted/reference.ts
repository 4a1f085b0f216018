import { type Collector, type KeyedProcessContext, KeyedProcessFunction, Types, type ValueState, ValueStateDescriptor } from "flink";
import { type Click, clicks, type Count, counts, env } from "./given";

class RunningCount extends KeyedProcessFunction<string, Click, Count> {
  private count!: ValueState<number>;

  override open() {
    this.count = this.getRuntimeContext().getState(new ValueStateDescriptor("count", Types.LONG));
  }

  override processElement({ user, at }: Click, _context: KeyedProcessContext<string>, out: Collector<Count>) {
    const count = (this.count.value() ?? 0) + 1;
    this.count.update(count);
    out.collect({ user, at, count });
  }
}

clicks
  .keyBy((click) => click.user)
  .process(new RunningCount())
  .sinkTo(counts());
env.execute("running counts");
