/**
 * The two clocks of windows: windows of TIMESTAMP_LTZ columns and of processing time align to the wall clock of the session's zone, watermarks and
 * timers count epoch milliseconds.
 */
import type { SessionSettings } from "./operators/sql-operator.ts";

export class WindowClock {
  private readonly session: SessionSettings;
  private readonly local: boolean;

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
    return localMs - session.zoneOffsetMs(localMs - session.zoneOffsetMs(localMs));
  }
}
