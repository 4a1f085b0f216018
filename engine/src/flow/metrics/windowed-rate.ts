/**
 * How fast a growing number grows, over the last minute.
 *
 * Flink looks at its meters every 5 seconds from a thread of its own and keeps what it saw for 60 seconds. Here nobody looks on time:
 * before a task works on, it tells its rates how many such 5 seconds have passed since it last did, and the number cannot have changed
 * in between. So a rate costs nothing per record and no entry on the clock, and is the same whoever reads it.
 * Unlike Flink's, a rate that is read counts up to now and, in its first minute, over the time that has passed.
 */

/** Flink: `View.UPDATE_INTERVAL_SECONDS`. */
export const RATE_STEP_MS = 5000;

/** Told when steps of `RATE_STEP_MS` have passed, before anything changes in the next one. */
export interface SteppedView {
  advance(steps: number): void;
}

const DEFAULT_TIME_SPAN_SECONDS = 60;

export class WindowedRate implements SteppedView {
  private readonly current: () => number;
  /** Values at the ends of the last steps, oldest first from `next` on. */
  private readonly history: Float64Array;
  private next = 0;
  private steps = 0;
  /** What the newest steps ended with, and how many of them in a row: with so many as there is history for, all of it is this value. */
  private last = 0;
  private unchangedSteps = Number.POSITIVE_INFINITY;

  /** @param current the growing number, asked every few seconds. */
  constructor(current: () => number, timeSpanSeconds: number = DEFAULT_TIME_SPAN_SECONDS) {
    this.current = current;
    this.history = new Float64Array(Math.max(1, Math.floor((timeSpanSeconds * 1000) / RATE_STEP_MS)));
  }

  advance(steps: number): void {
    const { history } = this;
    const value = this.current();
    this.steps += steps;
    if (value !== this.last) {
      this.last = value;
      this.unchangedSteps = 0;
    } else if (this.unchangedSteps >= history.length) {
      return;
    }
    this.unchangedSteps += steps;
    for (let step = Math.min(steps, history.length); step > 0; step--) {
      history[this.next] = value;
      this.next = this.next + 1 === history.length ? 0 : this.next + 1;
    }
  }

  /** Growth per second. @param sinceStepMs time since the end of the last step. */
  perSecond(sinceStepMs: number): number {
    const { history } = this;
    const full = this.steps >= history.length;
    const spanMs = (full ? history.length : this.steps) * RATE_STEP_MS + sinceStepMs;
    if (spanMs <= 0) return 0;
    return ((this.current() - (full ? history[this.next] : 0)) * 1000) / spanMs;
  }
}
