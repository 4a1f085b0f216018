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
 * Approach: the buffers themselves, one for each phase, in front of the operator that knows none. Limits: none; where zone and UTC agree the buffer cannot be told from none and is
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

/** Rows that wait for a watermark at which a window may end. */
class RowBuffer {
  private rows: Row[] = [];
  private firstLastMs = Number.POSITIVE_INFINITY;
  private triggerMs: number;

  constructor(triggerMs: number) {
    this.triggerMs = triggerMs;
  }

  /** `lastMs`: the last millisecond of the row's slice. */
  add(row: Row, lastMs: number): void {
    this.rows.push(row);
    if (lastMs < this.firstLastMs) this.firstLastMs = lastMs;
  }

  takeAll(): readonly Row[] {
    const { rows } = this;
    this.rows = [];
    this.firstLastMs = Number.POSITIVE_INFINITY;
    return rows;
  }

  /** What a watermark lets go. Points where windows may end are reckoned in UTC. */
  takeDue(watermarkMs: number, sliceMs: number, offsetMs: number): readonly Row[] {
    if (watermarkMs < this.triggerMs) return [];
    const due = this.firstLastMs <= watermarkMs ? this.takeAll() : [];
    const endMs = Math.floor((watermarkMs - offsetMs) / sliceMs) * sliceMs + offsetMs + sliceMs - 1;
    this.triggerMs = endMs > watermarkMs ? endMs : endMs + sliceMs;
    return due;
  }
}

export class HeldWindowAggregateOperator extends SlicingWindowAggregateOperator {
  /** Before the exchange; it begins with 1970. null = the aggregation is in one phase. */
  private readonly first: RowBuffer | null;
  private readonly second = new RowBuffer(Number.NEGATIVE_INFINITY);

  constructor(session: SessionSettings, options: WindowAggregateOptions) {
    super(session, options);
    this.first = options.twoPhase === true ? new RowBuffer(0) : null;
  }

  override processRow(row: Row): void {
    if (this.first === null) this.hold(row);
    else this.first.add(row, this.clock.lastMsOf(this.sliceEndOfRow(row, this.timeOf(row))));
  }

  private hold(row: Row): void {
    const time = this.timeOf(row);
    const sliceEnd = this.sliceEndOfRow(row, time);
    if (this.hasFired(sliceEnd) && this.hasFired(this.lastWindowOf(sliceEnd))) this.dropLate(row, time);
    else this.second.add(row, this.clock.lastMsOf(sliceEnd));
  }

  /** What is late is judged by the watermark before. */
  protected override onWatermark(timestampMs: number): void {
    const { offsetMs } = this.options.spec;
    for (const row of this.first?.takeDue(timestampMs, this.sliceMs, offsetMs) ?? []) this.hold(row);
    this.letGo(this.second.takeDue(timestampMs, this.sliceMs, offsetMs));
  }

  override prepareSnapshotPreBarrier(_checkpointId: number): void {
    for (const row of this.first?.takeAll() ?? []) this.hold(row);
    this.letGo(this.second.takeAll());
  }

  private letGo(rows: readonly Row[]): void {
    for (const row of rows) {
      this.useKeyOf(row);
      super.processRow(row);
    }
  }
}
