/**
 * Tells how much time has passed in which input could have come. Flink: `RelativeClock`.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface RelativeClock {
  /** Milliseconds; only differences mean something. */
  relativeTimeMillis(): number;
}

/**
 * The clock that idleness is measured with: it stands still while the source is not read, because of backpressure or watermark alignment,
 * so that nobody is called idle who was not asked. Flink: `PausableRelativeClock`.
 */
export class PausableClock implements RelativeClock {
  readonly #nowMs: () => number;
  #pausedMs = 0;
  #pausedSinceMs = 0;
  #pauses = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  relativeTimeMillis(): number {
    return this.#nowMs() - this.lagMs();
  }

  /** By how much it is behind the processing time. */
  lagMs(): number {
    return this.#pausedMs + (this.#pauses > 0 ? this.#nowMs() - this.#pausedSinceMs : 0);
  }

  /** Pauses count: it goes on when each has been taken back. */
  pause(): void {
    if (this.#pauses++ === 0) this.#pausedSinceMs = this.#nowMs();
  }

  unPause(): void {
    if (this.#pauses > 0 && --this.#pauses === 0) this.#pausedMs += this.#nowMs() - this.#pausedSinceMs;
  }
}
