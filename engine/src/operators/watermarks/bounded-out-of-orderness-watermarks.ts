import { Diagnostic } from "../../base/diagnostic.ts";
import { MIN_TIMESTAMP } from "../../base/long.ts";
import type { WatermarkGenerator, WatermarkOutput } from "./watermark-generator.ts";

/** Highest timestamp seen, minus the bound, minus 1 ms. Regular records raise it; it is emitted periodically. */
export class BoundedOutOfOrdernessWatermarks<T> implements WatermarkGenerator<T> {
  readonly #outOfOrdernessMs: number = 0;
  #maxTimestamp: number = 0;

  constructor(outOfOrdernessMs: number) {
    if (!(outOfOrdernessMs >= 0)) throw negativeBound(outOfOrdernessMs);
    this.#outOfOrdernessMs = outOfOrdernessMs;
    this.#maxTimestamp = MIN_TIMESTAMP + outOfOrdernessMs + 1;
  }

  onEvent(_event: T, eventTimestamp: number, _output: WatermarkOutput): void {
    if (eventTimestamp > this.#maxTimestamp) this.#maxTimestamp = eventTimestamp;
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    output.emitWatermark(this.#maxTimestamp - this.#outOfOrdernessMs - 1);
  }

  /** Only records move it. */
  settledUntilMs(): number {
    return Number.POSITIVE_INFINITY;
  }
}

/** For timestamps that only rise: the highest seen, minus 1 ms. */
export class AscendingTimestampsWatermarks<T> extends BoundedOutOfOrdernessWatermarks<T> {
  constructor() {
    super(0);
  }
}

/** Never emits: for jobs in processing time. */
export class NoWatermarksGenerator<T> implements WatermarkGenerator<T> {
  onEvent(_event: T, _eventTimestamp: number, _output: WatermarkOutput): void {}

  onPeriodicEmit(_output: WatermarkOutput): void {}

  settledUntilMs(): number {
    return Number.POSITIVE_INFINITY;
  }
}

function negativeBound(boundMs: number): Diagnostic {
  return new Diagnostic({
    code: "WATERMARK_STRATEGY_PARAMETERS",
    phase: "runtime",
    message: "maxOutOfOrderness cannot be negative.",
    found: `${boundMs} ms`,
    expected: "how much older than the newest record a record may be, e.g. Duration.ofSeconds(5)",
  });
}
