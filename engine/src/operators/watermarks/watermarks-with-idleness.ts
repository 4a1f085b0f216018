import { settledUntil, type WatermarkGenerator, type WatermarkOutput } from "./watermark-generator.ts";

/**
 * Marks the output idle when no record came for the timeout. The timeout starts at the first periodic emit without a new record, and
 * idleness is noticed at periodic emits only, so it takes up to two intervals longer than the timeout (as in Flink).
 */
export class WatermarksWithIdleness<T> implements WatermarkGenerator<T> {
  readonly #generator: WatermarkGenerator<T>;
  readonly #idleTimeoutMs: number = 0;
  readonly #currentMs: () => number;
  #events = 0;
  #eventsAtLastProbe = 0;
  #inactiveSinceMs: number | undefined;
  #idle = false;

  constructor(generator: WatermarkGenerator<T>, idleTimeoutMs: number, currentMs: () => number) {
    if (!(idleTimeoutMs > 0)) throw new TypeError(`idleTimeout must be greater than zero, got ${idleTimeoutMs} ms`);
    this.#generator = generator;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#currentMs = currentMs;
  }

  onEvent(event: T, eventTimestamp: number, output: WatermarkOutput): void {
    this.#generator.onEvent(event, eventTimestamp, output);
    this.#events++;
    this.#idle = false;
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    if (!this.#hasTimedOut()) {
      this.#generator.onPeriodicEmit(output);
    } else if (!this.#idle) {
      output.markIdle();
      this.#idle = true;
    }
  }

  /** Once idle, it stays so until a record comes; before that, only the end of the timeout can make it idle. */
  settledUntilMs(): number {
    if (this.#idle) return Number.POSITIVE_INFINITY;
    if (this.#inactiveSinceMs === undefined || this.#events !== this.#eventsAtLastProbe) return Number.NEGATIVE_INFINITY;
    return Math.min(this.#inactiveSinceMs + this.#idleTimeoutMs, settledUntil(this.#generator));
  }

  #hasTimedOut(): boolean {
    if (this.#events !== this.#eventsAtLastProbe) {
      this.#eventsAtLastProbe = this.#events;
      this.#inactiveSinceMs = undefined;
      return false;
    }
    if (this.#inactiveSinceMs === undefined) {
      this.#inactiveSinceMs = this.#currentMs();
      return false;
    }
    return this.#currentMs() - this.#inactiveSinceMs > this.#idleTimeoutMs;
  }
}
