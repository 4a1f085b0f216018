// verdict: wrong-output
// Keeps the output of a function and uses it when the function is closed, after the end of its stream: what breaks then is the program, not the engine.
import { type Collector, KeyedProcessFunction } from "flink";
import { type Click, clicks, type Count, counts, env } from "./given";

class Late extends KeyedProcessFunction<string, Click, Count> {
  private out!: Collector<Count>;
  private seen = 0;

  override processElement({ user, at }: Click, _context: unknown, out: Collector<Count>) {
    this.out = out;
    this.seen++;
    out.collect({ user, at, count: this.seen });
  }

  override close() {
    if (this.seen > 0) this.out.collect({ user: "late", at: 0, count: this.seen });
  }
}

clicks
  .keyBy((click) => click.user)
  .process(new Late())
  .sinkTo(counts());
env.execute("attack");
