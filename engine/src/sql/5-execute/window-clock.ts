/**
 * The two clocks of windows: windows of TIMESTAMP_LTZ columns and of processing time align to the wall clock of the session's zone, watermarks and
 * timers count epoch milliseconds (Flink: `TimeWindowUtil`).
 *
 * When clocks go back, a time on the wall comes twice: as a time attribute it is the first of the two, but a window ends with the second, since rows come until
 * then. When they go forward, a time that never comes counts from the offset before.
 */
import type { SessionSettings } from "./operators/sql-operator.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export class WindowClock {
  private readonly session: SessionSettings;
  private readonly local: boolean;
  private lastEnd = Number.NaN;
  private lastEndsMs = 0;

  /** @param local windows align to the wall clock. */
  constructor(session: SessionSettings, local: boolean) {
    this.session = session;
    this.local = local;
  }

  /** What the session's clock on the wall shows at an instant, as if it were UTC. */
  toLocal(epochMs: number): number {
    return this.local ? epochMs + this.session.zoneOffsetMs(epochMs) : epochMs;
  }

  /** The instant at which the clock on the wall shows this. */
  toEpoch(localMs: number): number {
    if (!this.local) return localMs;
    const { session } = this;
    const before = session.zoneOffsetMs(localMs - DAY_MS);
    const after = session.zoneOffsetMs(localMs + DAY_MS);
    if (before === after || session.zoneOffsetMs(localMs - before) === before) return localMs - before;
    return session.zoneOffsetMs(localMs - after) === after ? localMs - after : localMs - before;
  }

  /** The instant of the last millisecond of a window: its timer, and when rows for it are late. */
  lastMsOf(end: number): number {
    if (!this.local) return end - 1;
    if (end !== this.lastEnd) {
      this.lastEnd = end;
      this.lastEndsMs = this.lastMsOfLocal(end - 1);
    }
    return this.lastEndsMs;
  }

  private lastMsOfLocal(localMs: number): number {
    const first = this.toEpoch(localMs);
    const anHourOn = this.toEpoch(localMs + HOUR_MS);
    if (anHourOn - first > HOUR_MS) return anHourOn - HOUR_MS;
    return anHourOn === first ? first - (first % HOUR_MS) : first;
  }
}
