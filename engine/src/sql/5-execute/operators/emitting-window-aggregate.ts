/**
 * Legacy group windows with an EMIT strategy (`table.exec.emit.*`): results before a window's end (early fire) and after it (late fire), each one
 * an update of the one before (Flink: `AggregateWindowOperator` with `WindowEmitStrategy`).
 *
 * Early and late fires come with every row (delay 0) or every so often in processing time, counted from the first row. Without a late delay, every
 * row within the allowed lateness fires. A window lives until its end plus that lateness; it knows what it has emitted last, and emits only what differs.
 *
 * Windows are not sliced here: each has an accumulator of its own, since each may fire with any row.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { TimeWindow } from "../../../operators/windowing/window.ts";
import type { InternalState } from "../../../state/keyed-state-backend.ts";
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row, sameFields, withKind } from "../../../types/row.ts";
import type { WindowSpecification } from "../../2-analyze/rel.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import type { Accumulator, AggregateHandler, ResultRow } from "../aggregate-handler.ts";
import { WindowClock } from "../window-clock.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface EmittingWindowOptions {
  readonly keys: readonly number[];
  readonly handler: AggregateHandler;
  readonly spec: Extract<WindowSpecification, { kind: "tumble" | "hop" }>;
  /** -1 = processing time. */
  readonly timeField: number;
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
  /** What follows the aggregates in the output row. */
  readonly properties: readonly ("start" | "end" | "time")[];
  /** null = no early results; 0 = with every row. */
  readonly earlyMs: number | null;
  readonly lateMs: number | null;
  readonly allowedLatenessMs: number;
  /** Updates come with what they replace. */
  readonly updateBefore: boolean;
}

interface WindowState {
  readonly keyRow: Row;
  readonly accumulator: Accumulator;
  /** What was emitted last; null = nothing, or it was taken back. */
  emitted: Row | null;
  /** The window has fired at its end. */
  ended: boolean;
  /** When the periodic early or late fire is due, 0 = none is. */
  nextFireMs: number;
}

export class EmittingWindowAggregateOperator extends OneInputSqlOperator {
  private readonly options: EmittingWindowOptions;
  private readonly clock: WindowClock;
  private readonly keyPositions: readonly number[];
  private readonly resultRow: ResultRow;
  private windows!: ValueState<WindowState> & InternalState;
  private timers!: InternalTimerService;

  constructor(session: SessionSettings, options: EmittingWindowOptions) {
    super(session);
    this.options = options;
    this.clock = new WindowClock(session, options.localTime || options.timeField < 0);
    this.keyPositions = options.keys.map((field) => field + FIELD_OFFSET);
    // The key is kept as a row of its own fields.
    this.resultRow = options.handler.resultRow(options.keys.map((_, i) => i));
  }

  override open(): void {
    this.options.handler.open(this.evalContext);
    this.windows = this.valueState<WindowState>("window-aggs");
    this.timers = this.timerService();
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processRow(row: Row): void {
    const time = this.clock.toLocal(this.timeOf(row));
    const { spec } = this.options;
    const slideMs = spec.kind === "hop" ? spec.slideMs : spec.sizeMs;
    let accepted = false;
    let start = Math.floor((time - spec.offsetMs) / slideMs) * slideMs + spec.offsetMs;
    for (; start > time - spec.sizeMs; start -= slideMs) {
      const window = new TimeWindow(start, start + spec.sizeMs);
      if (this.isLate(window)) continue;
      accepted = true;
      this.addTo(window, row);
    }
    if (!accepted) this.dropLate(row, time);
  }

  private timeOf(row: Row): number {
    const { timeField } = this.options;
    if (timeField < 0) return this.context.processingTime.currentMs();
    const time = row[timeField + FIELD_OFFSET];
    if (time === null) {
      throw new SqlRuntimeError("SQL_NULL_ROWTIME", "RowTime field should not be null, please convert it to a non-null long value.");
    }
    return time as number;
  }

  /** The instant of the window's last millisecond. */
  private lastMs(window: TimeWindow): number {
    return this.clock.lastMsOf(window.end);
  }

  private get eventTime(): boolean {
    return this.options.timeField >= 0;
  }

  private cleanupMs(window: TimeWindow): number {
    return this.lastMs(window) + (this.eventTime ? this.options.allowedLatenessMs : 0);
  }

  private isLate(window: TimeWindow): boolean {
    return this.eventTime && this.cleanupMs(window) <= this.currentWatermark;
  }

  private addTo(window: TimeWindow, row: Row): void {
    const { handler } = this.options;
    this.windows.setCurrentNamespace(window);
    const state: WindowState = this.windows.value() ?? {
      keyRow: this.keyPositions.map((at) => row[at]),
      accumulator: handler.create(),
      emitted: null,
      ended: false,
      nextFireMs: 0,
    };
    if (isAccumulate(kindOf(row))) handler.add(state.accumulator, row);
    else handler.retract(state.accumulator, row);
    if (this.probe.recording) {
      this.probe.windowAssigned(this.getCurrentKey(), this.clock.toEpoch(window.start), this.clock.toEpoch(window.end));
    }
    if (this.firesWith(state, window)) this.fire(state, window);
    this.windows.update(state);
    this.registerTimer(window, this.cleanupMs(window));
  }

  /** Whether a row that has just been added fires its window; sets the timers that will. */
  private firesWith(state: WindowState, window: TimeWindow): boolean {
    const { earlyMs, lateMs } = this.options;
    if (this.eventTime && this.lastMs(window) <= this.currentWatermark) {
      // Without a late delay, and when the end was missed, every row fires.
      return lateMs === null || !state.ended || this.firesEvery(lateMs, state, window);
    }
    this.registerTimer(window, this.lastMs(window));
    return earlyMs !== null && this.firesEvery(earlyMs, state, window);
  }

  private firesEvery(delayMs: number, state: WindowState, window: TimeWindow): boolean {
    if (delayMs === 0) return true;
    if (state.nextFireMs === 0) this.scheduleFire(state, window, this.timers.currentProcessingTime() + delayMs);
    return false;
  }

  private scheduleFire(state: WindowState, window: TimeWindow, atMs: number): void {
    state.nextFireMs = atMs;
    this.timers.registerProcessingTimeTimer(window, atMs);
  }

  private registerTimer(window: TimeWindow, atMs: number): void {
    if (this.eventTime) this.timers.registerEventTimeTimer(window, atMs);
    else this.timers.registerProcessingTimeTimer(window, atMs);
  }

  override onEventTime({ namespace, timestampMs }: InternalTimer): void {
    this.onEnd(namespace as TimeWindow, timestampMs);
  }

  override onProcessingTime({ namespace, timestampMs }: InternalTimer): void {
    const window = namespace as TimeWindow;
    this.windows.setCurrentNamespace(window);
    const state = this.windows.value();
    if (state !== null && state.nextFireMs === timestampMs) {
      const delayMs = state.ended ? this.options.lateMs : this.options.earlyMs;
      if (delayMs === null) state.nextFireMs = 0;
      else this.scheduleFire(state, window, timestampMs + delayMs);
      this.fire(state, window);
      this.windows.update(state);
    }
    if (!this.eventTime) this.onEnd(window, timestampMs);
  }

  private onEnd(window: TimeWindow, timestampMs: number): void {
    this.windows.setCurrentNamespace(window);
    const state = this.windows.value();
    if (state === null) return;
    if (timestampMs === this.lastMs(window)) {
      state.ended = true;
      state.nextFireMs = 0;
      this.fire(state, window);
      this.windows.update(state);
    }
    if (timestampMs === this.cleanupMs(window)) this.windows.clear();
  }

  /** Emits what differs from what was emitted last. */
  private fire(state: WindowState, window: TimeWindow): void {
    const { handler, updateBefore } = this.options;
    const { emitted } = state;
    if (handler.rows(state.accumulator) <= 0) {
      if (emitted !== null) this.emit(withKind(emitted, DELETE));
      state.emitted = null;
      return;
    }
    const now = this.rowOf(state, window);
    if (emitted !== null && sameFields(emitted, now)) return;
    if (this.probe.recording) {
      this.probe.windowFired(this.getCurrentKey(), this.clock.toEpoch(window.start), this.clock.toEpoch(window.end), state.ended);
    }
    state.emitted = now;
    if (emitted === null) {
      this.emit(now);
      return;
    }
    if (updateBefore) this.emit(withKind(emitted, UPDATE_BEFORE));
    this.emit(withKind(now, UPDATE_AFTER));
  }

  private rowOf({ keyRow, accumulator }: WindowState, { start, end }: TimeWindow): Row {
    const row = this.resultRow(INSERT, keyRow, accumulator);
    for (const property of this.options.properties) {
      row.push(property === "start" ? start : property === "end" ? end : this.clock.toEpoch(end - 1));
    }
    return row;
  }
}
