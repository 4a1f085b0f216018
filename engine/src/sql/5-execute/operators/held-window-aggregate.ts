/**
 * Window aggregation where it shows that Flink keeps rows in a buffer in front of its windows (`RecordsWindowBuffer`), and lets them go when a watermark has come to where a window
 * may end.
 *
 * 1. In a session zone without summer time, over TIMESTAMP_LTZ, where windows do not begin with UTC's, Flink loses some of them, and so do we. For zones with summer time that
 * point is reckoned on the zone's clock, for the others on UTC's (`TimeWindowUtil.getNextTriggerWatermarkWithOffset`). In Asia/Kolkata an hour ends at half past of UTC, but rows
 * are let go at full hours: windows that have ended by then are late.
 *
 *   rows of 18:00–19:00 in Kolkata (12:30–13:30 UTC); watermarks 13:30, 13:45, 14:00 (UTC): at 14:00 the rows come, for a window that ended with 13:30: lost
 *   watermarks 12:45, 14:00: the rows come at 14:00, before the window is asked for: kept
 *
 * 2. In two phases, what leaves the first buffer has been gathered by key and slice, and so has what leaves the second: ARRAY_AGG(DISTINCT …) gets the distinct values of each
 * gathering in the order of a `HashMap`.
 *
 *   'pen', 'ink', 'pad' come before the watermark, and 'cap' after a watermark that let them go: [order of the hashes of pen, ink, pad], then 'cap'
 *
 * Approach: the buffers themselves, one for each phase, in front of the operator that knows none. Limits: none; where the buffer cannot be told from none it is left out
 * (`holdsRowsBack`).
 */
import type { MapKey } from "../../../base/canonical-key.ts";
import { isAccumulate } from "../../../types/row-kind.ts";
import { kindOf, type Row } from "../../../types/row.ts";
import type { Accumulator } from "../aggregate-handler.ts";
import type { SessionSettings } from "./sql-operator.ts";
import { SlicingWindowAggregateOperator, type WindowAggregateOptions } from "./slicing-window-aggregate.ts";

const JANUARY_2026_MS = 1_767_225_600_000;
const JULY_2026_MS = 1_782_864_000_000;

/**
 * Whether Flink's buffer shows: by event time, in two phases with distinct values whose order shows, or in a zone without summer time, of which the windows do not begin with
 * UTC's.
 */
export function holdsRowsBack(session: SessionSettings, options: WindowAggregateOptions): boolean {
  const { spec, timeField, localTime } = options;
  if (timeField < 0) return false;
  if (gathers(options)) return true;
  if (!localTime) return false;
  const offsetMs = session.zoneOffsetMs(JANUARY_2026_MS);
  return session.zoneOffsetMs(JULY_2026_MS) === offsetMs && offsetMs % sliceMsOf(spec) !== 0;
}

function gathers({ twoPhase, handler }: WindowAggregateOptions): boolean {
  return twoPhase === true && handler.showsDistinctOrder;
}

function sliceMsOf(spec: WindowAggregateOptions["spec"]): number {
  return spec.kind === "hop" ? spec.slideMs : spec.kind === "cumulate" ? spec.stepMs : spec.sizeMs;
}

/** A row, and which of the gatherings of the first phase it was in. */
interface Held {
  readonly row: Row;
  readonly gathering: number;
}

/** Rows that wait for a watermark at which a window may end. */
class RowBuffer {
  private rows: Held[] = [];
  private firstLastMs = Number.POSITIVE_INFINITY;
  private triggerMs: number;

  constructor(triggerMs: number) {
    this.triggerMs = triggerMs;
  }

  /** `lastMs`: the last millisecond of the row's slice. */
  add(row: Held, lastMs: number): void {
    this.rows.push(row);
    if (lastMs < this.firstLastMs) this.firstLastMs = lastMs;
  }

  takeAll(): readonly Held[] {
    const { rows } = this;
    this.rows = [];
    this.firstLastMs = Number.POSITIVE_INFINITY;
    return rows;
  }

  /** What a watermark lets go. Points where windows may end are reckoned in UTC. */
  takeDue(watermarkMs: number, sliceMs: number, offsetMs: number): readonly Held[] {
    if (watermarkMs < this.triggerMs) return [];
    const due = this.firstLastMs <= watermarkMs ? this.takeAll() : [];
    const endMs = Math.floor((watermarkMs - offsetMs) / sliceMs) * sliceMs + offsetMs + sliceMs - 1;
    this.triggerMs = endMs > watermarkMs ? endMs : endMs + sliceMs;
    return due;
  }
}

/** Rows of one key and slice; what each gathering of the first phase has of them. */
interface Gathered {
  readonly row: Row;
  readonly parts: Map<number, Accumulator>;
}

export class HeldWindowAggregateOperator extends SlicingWindowAggregateOperator {
  /** Before the exchange; it begins with 1970. null = the aggregation is in one phase. */
  private readonly first: RowBuffer | null;
  private readonly second = new RowBuffer(Number.NEGATIVE_INFINITY);
  private readonly gathers: boolean;
  private gatherings = 0;

  constructor(session: SessionSettings, options: WindowAggregateOptions) {
    super(session, options);
    this.first = options.twoPhase === true ? new RowBuffer(0) : null;
    this.gathers = gathers(options);
  }

  override processRow(row: Row): void {
    const held = { row, gathering: 0 };
    if (this.first === null) this.hold(held);
    else this.first.add(held, this.clock.lastMsOf(this.sliceEndOfRow(row, this.timeOf(row))));
  }

  private hold({ row, gathering }: Held): void {
    const time = this.timeOf(row);
    const sliceEnd = this.sliceEndOfRow(row, time);
    if (this.hasFired(sliceEnd) && this.hasFired(this.lastWindowOf(sliceEnd))) this.dropLate(row, time);
    else this.second.add({ row, gathering }, this.clock.lastMsOf(sliceEnd));
  }

  private holdAll(rows: readonly Held[]): void {
    const gathering = this.gatherings++;
    for (const { row } of rows) this.hold({ row, gathering });
  }

  /** What is late is judged by the watermark before. */
  protected override onWatermark(timestampMs: number): void {
    const { offsetMs } = this.options.spec;
    if (this.first !== null) this.holdAll(this.first.takeDue(timestampMs, this.sliceMs, offsetMs));
    this.letGo(this.second.takeDue(timestampMs, this.sliceMs, offsetMs));
  }

  override prepareSnapshotPreBarrier(_checkpointId: number): void {
    if (this.first !== null) this.holdAll(this.first.takeAll());
    this.letGo(this.second.takeAll());
  }

  private letGo(rows: readonly Held[]): void {
    if (this.gathers) {
      this.letGoGathered(rows);
      return;
    }
    for (const { row } of rows) {
      this.useKeyOf(row);
      super.processRow(row);
    }
  }

  private letGoGathered(rows: readonly Held[]): void {
    const { handler } = this.options;
    for (const { row, parts } of this.byKeyAndSlice(rows)) {
      this.useKeyOf(row);
      const together = handler.create();
      for (const part of parts.values()) handler.merge(together, part);
      this.addToSlice(row, together);
    }
  }

  private byKeyAndSlice(rows: readonly Held[]): Iterable<Gathered> {
    const { handler } = this.options;
    const found = new Map<MapKey, Map<number, Gathered>>();
    const inTurn: Gathered[] = [];
    for (const { row, gathering } of rows) {
      this.useKeyOf(row);
      const key = this.currentMapKey();
      const slices = found.get(key) ?? new Map<number, Gathered>();
      found.set(key, slices);
      const sliceEnd = this.sliceEndOfRow(row, this.timeOf(row));
      let gathered = slices.get(sliceEnd);
      if (gathered === undefined) {
        gathered = { row, parts: new Map() };
        slices.set(sliceEnd, gathered);
        inTurn.push(gathered);
      }
      const part = gathered.parts.get(gathering) ?? handler.create();
      gathered.parts.set(gathering, part);
      if (isAccumulate(kindOf(row))) handler.add(part, row);
      else handler.retract(part, row);
    }
    return inTurn;
  }
}
