/**
 * TUMBLE, HOP and CUMULATE aggregation over shared slices (Flink: `StreamExecWindowAggregate`, FLIP-145).
 *
 * Time is cut into slices: the tumbling window itself, the slide of HOP, the step of CUMULATE. A record is added to the one slice it falls
 * into, whatever the number of windows over it; when the watermark passes a window's end, its slices are merged and the result is
 * emitted. So the cost per record does not depend on size ÷ slide.
 *
 * A record is late for a slice whose window has fired, but still counts in later windows over that slice; it is dropped only when the
 * last window that holds the slice has fired. A timer per key and window end, which slices and windows share as their namespace, fires them.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import type { InternalState } from "../../../state/keyed-state-backend.ts";
import type { ValueState } from "../../../state/state.ts";
import { isAccumulate } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import { copyValue } from "../../../types/value-codec.ts";
import type { WindowSpecification } from "../../2-analyze/rel.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import type { Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { WindowClock } from "../window-clock.ts";
import { EndNamespaces } from "../window-namespace.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface WindowAggregateOptions {
  readonly keys: readonly number[];
  readonly handler: AggregateHandler;
  readonly spec: Exclude<WindowSpecification, { kind: "session" }>;
  /** Field of the time attribute, or of the window's end when windows are attached to the rows; -1 = processing time. */
  readonly timeField: number;
  /** Window bounds are already columns of the input: [start, end] fields. */
  readonly attached: readonly [start: number, end: number] | null;
  /** Session time zone matters: windows of TIMESTAMP_LTZ align to its wall clock. */
  readonly localTime: boolean;
  /** The aggregation is planned in two phases. */
  readonly twoPhase?: boolean;
  /** A window of GROUP BY's own functions (`HOP(ts, …)`), not of a table function. */
  readonly legacy?: boolean;
  /** What follows the aggregates in the output row. */
  readonly properties: readonly ("start" | "end" | "time")[];
}

interface SliceState {
  /** Key fields, for the output. */
  readonly keyRow: Row;
  readonly accumulator: Accumulator;
  /** Start of the window, where windows are attached. */
  readonly start: number;
}

export class SlicingWindowAggregateOperator extends OneInputSqlOperator {
  protected readonly options: WindowAggregateOptions;
  private readonly keyPositions: readonly number[];
  protected readonly clock: WindowClock;
  private readonly ends = new EndNamespaces();
  private slices!: ValueState<SliceState> & InternalState;
  private timers!: InternalTimerService;
  protected readonly sliceMs: number;
  private readonly sizeMs: number;

  constructor(session: SessionSettings, options: WindowAggregateOptions) {
    super(session);
    this.options = options;
    this.keyPositions = options.keys.map((field) => field + FIELD_OFFSET);
    this.clock = new WindowClock(session, options.localTime || options.timeField < 0);
    const { spec } = options;
    this.sizeMs = spec.sizeMs;
    this.sliceMs = spec.kind === "hop" ? spec.slideMs : spec.kind === "cumulate" ? spec.stepMs : spec.sizeMs;
  }

  override open(): void {
    this.options.handler.open(this.evalContext);
    this.slices = this.valueState<SliceState>("window-aggs");
    this.timers = this.timerService();
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processRow(row: Row): void {
    this.addToSlice(row, null);
  }

  /** @param gathered of rows of one key and slice, of which `row` is one; null = the row itself. */
  protected addToSlice(row: Row, gathered: Accumulator | null): void {
    const time = this.timeOf(row);
    const { attached } = this.options;
    const sliceEnd = this.sliceEndOfRow(row, time);
    let fires = sliceEnd;
    if (this.hasFired(sliceEnd)) {
      const last = this.lastWindowOf(sliceEnd);
      if (this.hasFired(last)) {
        this.dropLate(row, time);
        return;
      }
      while (this.hasFired(fires)) fires += this.sliceMs;
    }
    this.slices.setCurrentNamespace(this.ends.of(sliceEnd));
    let slice = this.slices.value();
    const first = slice === null;
    if (slice === null) {
      const start = attached === null ? 0 : (row[attached[0] + FIELD_OFFSET] as number);
      slice = { keyRow: this.keyPositions.map((at) => row[at]), accumulator: this.options.handler.create(), start };
    }
    if (gathered !== null) this.options.handler.merge(slice.accumulator, gathered);
    else if (isAccumulate(kindOf(row))) this.options.handler.add(slice.accumulator, row);
    else this.options.handler.retract(slice.accumulator, row);
    if (first || this.writesBack) this.slices.update(slice);
    // A slice that was there has a timer already, unless its first window has fired since.
    if (first || fires !== sliceEnd) this.registerTimer(fires);
    if (this.probe.recording) {
      const { clock } = this;
      this.probe.windowAssigned(this.getCurrentKey(), clock.toEpoch(this.startOf(fires)), clock.toEpoch(fires));
    }
  }

  protected timeOf(row: Row): number {
    const { timeField } = this.options;
    if (timeField < 0) return this.clock.toLocal(this.context.processingTime.currentMs());
    const time = row[timeField + FIELD_OFFSET];
    if (time === null) {
      throw new SqlRuntimeError("SQL_NULL_ROWTIME", "RowTime field should not be null, please convert it to a non-null long value.");
    }
    return this.clock.toLocal(time as number);
  }

  protected sliceEndOfRow(row: Row, time: number): number {
    const { attached } = this.options;
    return attached === null ? this.sliceEndOf(time) : (row[attached[1] + FIELD_OFFSET] as number);
  }

  private sliceEndOf(time: number): number {
    const { offsetMs } = this.options.spec;
    return Math.floor((time - offsetMs) / this.sliceMs) * this.sliceMs + offsetMs + this.sliceMs;
  }

  /** The window fires once the watermark has reached its last millisecond. */
  protected hasFired(end: number): boolean {
    if (this.options.timeField < 0) return this.clock.lastMsOf(end) <= this.context.processingTime.currentMs() - 1;
    return this.clock.lastMsOf(end) <= this.currentWatermark;
  }

  protected lastWindowOf(sliceEnd: number): number {
    const { spec } = this.options;
    if (this.options.attached !== null || spec.kind === "tumble") return sliceEnd;
    if (spec.kind === "hop") return sliceEnd - this.sliceMs + this.sizeMs;
    return Math.floor((sliceEnd - this.sliceMs - spec.offsetMs) / this.sizeMs) * this.sizeMs + spec.offsetMs + this.sizeMs;
  }

  private startOf(end: number): number {
    const { spec } = this.options;
    if (spec.kind === "cumulate") return Math.floor((end - this.sliceMs - spec.offsetMs) / this.sizeMs) * this.sizeMs + spec.offsetMs;
    return end - this.sizeMs;
  }

  private registerTimer(end: number): void {
    const namespace = this.ends.of(end);
    const at = this.clock.lastMsOf(end);
    if (this.options.timeField >= 0) this.timers.registerEventTimeTimer(namespace, at);
    else this.timers.registerProcessingTimeTimer(namespace, at);
  }

  override onEventTime({ namespace }: InternalTimer): void {
    this.fire(namespace.namespaceKey as number);
  }

  override onProcessingTime({ namespace }: InternalTimer): void {
    this.fire(namespace.namespaceKey as number);
  }

  private slice(end: number): SliceState | null {
    this.slices.setCurrentNamespace(this.ends.of(end));
    return this.slices.value();
  }

  private dropSlice(end: number): void {
    this.slices.setCurrentNamespace(this.ends.of(end));
    this.slices.clear();
  }

  private fire(end: number): void {
    const { spec, attached, handler, legacy } = this.options;
    if (attached !== null || spec.kind === "tumble") {
      const slice = this.slice(end);
      this.dropSlice(end);
      if (slice !== null && handler.rows(slice.accumulator) > 0) this.emitWindow(slice, slice.accumulator, end);
      return;
    }
    const first = this.startOf(end) + this.sliceMs;
    let merged: Accumulator | null = null;
    let any: SliceState | null = null;
    // HOP puts its newest slice first, which shows in ARRAY_AGG; CUMULATE adds to its first one, and the legacy HOP goes through its panes.
    const newestFirst = spec.kind === "hop" && legacy !== true;
    // Distinct values come in the order of their maps, out of the first slice too.
    const anew = handler.showsDistinctOrder && (spec.kind === "hop" || this.slice(first) === null);
    if (anew) merged = handler.create();
    for (let done = 0, count = Math.round((end - first) / this.sliceMs) + 1; done < count; done++) {
      const slice = this.slice(newestFirst ? end - done * this.sliceMs : first + done * this.sliceMs);
      if (slice === null) continue;
      any = slice;
      if (merged === null) merged = copyValue(slice.accumulator);
      else handler.mergeState(merged, slice.accumulator);
    }
    if (spec.kind === "hop") this.dropSlice(first);
    else this.cumulate(first, end, merged, any);
    if (any === null || merged === null || handler.rows(merged) <= 0) return;
    this.emitWindow(any, merged, end);
    const next = end + this.sliceMs;
    if (spec.kind === "hop" || next <= this.lastWindowOf(end)) this.registerTimer(next);
  }

  /** Slices of a cumulating window are folded into its first one, and gone with its last step. */
  private cumulate(first: number, end: number, merged: Accumulator | null, any: SliceState | null): void {
    for (let sliceEnd = first; sliceEnd <= end; sliceEnd += this.sliceMs) this.dropSlice(sliceEnd);
    if (end < this.lastWindowOf(end) && merged !== null && any !== null) {
      this.slices.setCurrentNamespace(this.ends.of(first));
      this.slices.update({ keyRow: any.keyRow, accumulator: copyValue(merged), start: any.start });
    }
  }

  /**
   * In two phases, Flink's first half lets nothing go before its watermark has passed the one it begins with, 0 (1970): by then windows that have ended are
   * late in the second half, and lost.
   */
  private get isLostBefore1970(): boolean {
    return this.options.twoPhase === true && this.currentWatermark <= 0;
  }

  private emitWindow(slice: SliceState, accumulator: Accumulator, end: number): void {
    if (this.isLostBefore1970) return;
    const { attached, properties, handler } = this.options;
    const row: Row = [0];
    for (const value of slice.keyRow) row.push(value);
    handler.results(accumulator, row);
    const start = attached === null ? this.startOf(end) : slice.start;
    // Starts and ends are what the clock on the wall shows; the time attribute is an instant.
    for (const property of properties) row.push(property === "start" ? start : property === "end" ? end : this.clock.toEpoch(end - 1));
    if (this.probe.recording) this.probe.windowFired(this.getCurrentKey(), this.clock.toEpoch(start), this.clock.toEpoch(end), false);
    this.emit(row);
  }
}
