import { type Counter, type Meter, SimpleCounter } from "./metric.ts";
import { type SteppedView, WindowedRate } from "./windowed-rate.ts";

/**
 * Events per second over the last `timeSpanInSeconds` (default 60). Flink: `MeterView`.
 *
 * `const meter = getRuntimeContext().getMetricGroup().meter("orders", new MeterView(60)); … meter.markEvent();`
 * (Flink: docs/ops/metrics)
 */
export class MeterView implements Meter, SteppedView {
  readonly #counter: Counter;
  readonly #rate: WindowedRate;
  #sinceStepMs: () => number = () => 0;

  /** @param counterOrSeconds a counter to look at, or the time span in seconds with a counter of its own. */
  constructor(counterOrSeconds: Counter | number = 60, timeSpanInSeconds = 60) {
    const counter = typeof counterOrSeconds === "number" ? new SimpleCounter() : counterOrSeconds;
    this.#counter = counter;
    this.#rate = new WindowedRate(() => counter.getCount(), typeof counterOrSeconds === "number" ? counterOrSeconds : timeSpanInSeconds);
  }

  markEvent(n = 1): void {
    this.#counter.inc(n);
  }

  getRate(): number {
    return this.#rate.perSecond(this.#sinceStepMs());
  }

  getCount(): number {
    return this.#counter.getCount();
  }

  /** @internal */
  advance(steps: number): void {
    this.#rate.advance(steps);
  }

  /** @internal Called when the meter is registered. */
  attach(sinceStepMs: () => number): void {
    this.#sinceStepMs = sinceStepMs;
  }
}
