/**
 * Calls `emit` on a grid of processing time (every auto-watermark interval) whenever that can change anything.
 *
 * After a day without records, 432,000 calls at 200 ms would each find nothing new. So when the generators say that they are settled until
 * some time, the points of the grid before it are left out (all of them when only a record can change something), and the next record
 * goes on at the next point of the same grid: nobody can tell the difference, except in speed.
 */
import type { ProcessingTimeService, ScheduledCallback } from "../../flow/processing-time.ts";

/** What happens to the grid when a tick comes late, because the task was busy. */
export type LateTick = "keepsGrid" | "startsGridAnew";

export class PeriodicEmission {
  private readonly clock: ProcessingTimeService;
  private readonly intervalMs: number;
  private readonly emit: () => number;
  private readonly lateTick: LateTick;
  private gridStartMs = 0;
  private lastTickMs = 0;
  private scheduled: ScheduledCallback | null = null;
  /** The scheduled tick leaves points of the grid out, because no record has come since the last one. */
  private skipping = false;
  private stopped = true;

  /**
   * @param intervalMs 0 = no periodic watermarks.
   * @param emit gives the time, epoch ms, up to which calling it again without a record in between would change nothing.
   * @param lateTick sources emit at a fixed rate; the operator in the middle of a pipeline asks for its next timer when one has run.
   */
  constructor(clock: ProcessingTimeService, intervalMs: number, emit: () => number, lateTick: LateTick = "keepsGrid") {
    this.lateTick = lateTick;
    this.clock = clock;
    this.intervalMs = intervalMs;
    this.emit = emit;
  }

  /** Grid points lie at `gridStartMs` plus multiples of the interval; timers for them run once they have passed. */
  start(gridStartMs: number): void {
    if (this.intervalMs <= 0) return;
    this.stopped = false;
    this.gridStartMs = gridStartMs;
    this.lastTickMs = gridStartMs;
    this.schedule(gridStartMs + this.intervalMs);
  }

  /** A record has come: there may be something to emit. */
  touch(): void {
    if (this.scheduled !== null) {
      if (!this.skipping) return;
      this.scheduled.cancel();
    }
    if (this.stopped) return;
    // The grid point of right now has not passed yet, so it still counts.
    const point = this.gridStartMs + Math.ceil((this.clock.currentMs() - this.gridStartMs) / this.intervalMs) * this.intervalMs;
    this.schedule(Math.max(point, this.lastTickMs + this.intervalMs));
  }

  stop(): void {
    this.stopped = true;
    this.scheduled?.cancel();
    this.scheduled = null;
  }

  private schedule(pointMs: number): void {
    this.skipping = false;
    this.scheduled = this.clock.schedule(pointMs, this.tick);
  }

  private readonly tick = (pointMs: number): void => {
    this.scheduled = null;
    this.lastTickMs = pointMs;
    const settledUntilMs = this.emit();
    if (this.stopped) return;
    const nowMs = this.clock.currentMs();
    const { leaps = false } = this.clock;
    // A timer runs 1 ms after its time; what is later than that has waited.
    if (this.lateTick === "startsGridAnew" && nowMs > pointMs + (leaps ? 0 : 1)) {
      this.gridStartMs = nowMs;
      this.lastTickMs = nowMs;
    }
    if (leaps) {
      this.schedule(this.gridStartMs + (Math.floor((nowMs - this.gridStartMs) / this.intervalMs) + 1) * this.intervalMs);
      return;
    }
    if (settledUntilMs === Number.POSITIVE_INFINITY) return;
    const passed = Math.floor((Math.max(nowMs, settledUntilMs - 1) - this.gridStartMs) / this.intervalMs);
    this.schedule(this.gridStartMs + (passed + 1) * this.intervalMs);
    this.skipping = settledUntilMs > nowMs;
  };
}
