/**
 * Window aggregation in a session zone without summer time, over TIMESTAMP_LTZ, where windows do not begin with UTC's: Flink loses some of them, and so do we.
 *
 * Problem: in front of its windows Flink keeps rows in a buffer, and lets them go when a watermark has come to where a window may end. For zones with summer time
 * that point is reckoned on the zone's clock, for the others on UTC's (`TimeWindowUtil.getNextTriggerWatermarkWithOffset`). In Asia/Kolkata an hour ends at half
 * past of UTC, but rows are let go at full hours: windows that have ended by then are late.
 *
 *   rows of 18:00–19:00 in Kolkata (12:30–13:30 UTC); watermarks 13:30, 13:45, 14:00 (UTC): at 14:00 the rows come, for a window that ended with 13:30: lost
 *   watermarks 12:45, 14:00: the rows come at 14:00, before the window is asked for: kept
 *
 * Approach: the buffer itself, in front of the operator that knows no buffer. Limits: none; where zone and UTC agree the buffer cannot be told from none and is
 * left out (`holdsRowsBack`).
 */
import type { Row } from "../../../types/row.ts";
import type { SessionSettings } from "./sql-operator.ts";
import { SlicingWindowAggregateOperator, type WindowAggregateOptions } from "./slicing-window-aggregate.ts";

const JANUARY_2026_MS = 1_767_225_600_000;
const JULY_2026_MS = 1_782_864_000_000;

/** Whether Flink's buffer shows: by event time, in a zone without summer time, of which the windows do not begin with UTC's. */
export function holdsRowsBack(session: SessionSettings, { spec, timeField, localTime }: WindowAggregateOptions): boolean {
  if (!localTime || timeField < 0) return false;
  const offsetMs = session.zoneOffsetMs(JANUARY_2026_MS);
  return session.zoneOffsetMs(JULY_2026_MS) === offsetMs && offsetMs % sliceMsOf(spec) !== 0;
}

function sliceMsOf(spec: WindowAggregateOptions["spec"]): number {
  return spec.kind === "hop" ? spec.slideMs : spec.kind === "cumulate" ? spec.stepMs : spec.sizeMs;
}

export class HeldWindowAggregateOperator extends SlicingWindowAggregateOperator {
  private held: Row[] = [];
  private firstEnd = Number.POSITIVE_INFINITY;
  /** The watermark that may let rows go. Flink's first half begins with 1970. */
  private nextTriggerMs: number;

  constructor(session: SessionSettings, options: WindowAggregateOptions) {
    super(session, options);
    this.nextTriggerMs = options.twoPhase === true ? 0 : Number.NEGATIVE_INFINITY;
  }

  override processRow(row: Row): void {
    const time = this.timeOf(row);
    const sliceEnd = this.sliceEndOfRow(row, time);
    if (this.options.twoPhase !== true && this.hasFired(sliceEnd) && this.hasFired(this.lastWindowOf(sliceEnd))) {
      this.dropLate(row, time);
      return;
    }
    this.held.push(row);
    if (sliceEnd < this.firstEnd) this.firstEnd = sliceEnd;
  }

  protected override onWatermark(timestampMs: number): void {
    if (timestampMs < this.nextTriggerMs) return;
    if (this.clock.lastMsOf(this.firstEnd) <= timestampMs) this.release();
    const { offsetMs } = this.options.spec;
    const sinceMs = Math.floor((timestampMs - offsetMs) / this.sliceMs) * this.sliceMs + offsetMs;
    const endMs = sinceMs + this.sliceMs - 1;
    this.nextTriggerMs = endMs > timestampMs ? endMs : endMs + this.sliceMs;
  }

  override prepareSnapshotPreBarrier(_checkpointId: number): void {
    this.release();
  }

  /** What is late is judged by the watermark before. */
  private release(): void {
    const rows = this.held;
    this.held = [];
    this.firstEnd = Number.POSITIVE_INFINITY;
    for (const row of rows) {
      this.useKeyOf(row);
      super.processRow(row);
    }
  }
}
