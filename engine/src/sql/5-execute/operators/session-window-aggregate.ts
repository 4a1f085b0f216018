/**
 * SESSION aggregation: a record opens a window [t, t + gap) that merges with what it touches; the merged window fires once the
 * watermark reaches its last millisecond (Flink: merging windows of the table runtime). A record whose merged window is already past is late.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import type { ValueState } from "../../../state/state.ts";
import { isAccumulate } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import type { Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { WindowClock } from "../window-clock.ts";
import { windowUntil } from "../window-namespace.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface SessionAggregateOptions {
  readonly keys: readonly number[];
  readonly handler: AggregateHandler;
  readonly gapMs: number;
  /** -1 = processing time. */
  readonly timeField: number;
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
  readonly properties: readonly ("start" | "end" | "time")[];
}

interface SessionWindow {
  start: number;
  end: number;
  readonly accumulator: Accumulator;
}

interface KeySessions {
  readonly keyRow: Row;
  /** By start. */
  windows: SessionWindow[];
}

export class SessionWindowAggregateOperator extends OneInputSqlOperator {
  private readonly options: SessionAggregateOptions;
  private readonly keyPositions: readonly number[];
  private readonly clock: WindowClock;
  private sessions!: ValueState<KeySessions>;
  private timers!: InternalTimerService;

  constructor(session: SessionSettings, options: SessionAggregateOptions) {
    super(session);
    this.options = options;
    this.clock = new WindowClock(session, options.localTime || options.timeField < 0);
    this.keyPositions = options.keys.map((field) => field + FIELD_OFFSET);
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  override open(): void {
    this.sessions = this.valueState<KeySessions>("session-window-mapping");
    this.timers = this.timerService();
  }

  processRow(row: Row): void {
    const time = this.options.timeField < 0 ? this.context.processingTime.currentMs() : row[this.options.timeField + FIELD_OFFSET];
    if (time === null) {
      throw new SqlRuntimeError("SQL_NULL_ROWTIME", "RowTime field should not be null, please convert it to a non-null long value.");
    }
    const start = this.clock.toLocal(time as number);
    const end = start + this.options.gapMs;
    const own = this.sessions.value();
    const touching = own === null ? [] : own.windows.filter((window) => window.start <= end && start <= window.end);
    const mergedStart = Math.min(start, ...touching.map((window) => window.start));
    const mergedEnd = Math.max(end, ...touching.map((window) => window.end));
    if (this.options.timeField >= 0 && this.clock.lastMsOf(mergedEnd) <= this.currentWatermark) {
      this.dropLate(row, start);
      return;
    }
    const { handler } = this.options;
    const accumulator = touching.length > 0 ? touching[0].accumulator : handler.create();
    for (const window of touching.slice(1)) handler.merge(accumulator, window.accumulator);
    if (isAccumulate(kindOf(row))) handler.add(accumulator, row);
    else handler.retract(accumulator, row);
    const kept = own ?? { keyRow: this.keyPositions.map((at) => row[at]), windows: [] };
    kept.windows = [
      ...kept.windows.filter((window) => !touching.includes(window)),
      { start: mergedStart, end: mergedEnd, accumulator },
    ].sort((a, b) => a.start - b.start);
    this.sessions.update(kept);
    this.moveTimers(touching, mergedEnd);
    const { probe } = this;
    if (probe.recording) {
      const key = this.getCurrentKey();
      probe.windowAssigned(key, this.clock.toEpoch(mergedStart), this.clock.toEpoch(mergedEnd));
      if (touching.length > 1) {
        probe.windowMerged(
          key,
          mergedStart,
          mergedEnd,
          touching.map((window) => ({ startMs: window.start, endMs: window.end })),
        );
      }
    }
  }

  /** The merged window's timer in place of those of its parts. */
  private moveTimers(parts: readonly SessionWindow[], end: number): void {
    if (parts.length === 1 && this.options.timeField >= 0) {
      const [part] = parts;
      if (part.end !== end) {
        this.timers.moveEventTimeTimer(windowUntil(part.end), this.clock.lastMsOf(part.end), windowUntil(end), this.clock.lastMsOf(end));
      }
      return;
    }
    for (const part of parts) if (part.end !== end) this.deleteTimer(part.end);
    const namespace = windowUntil(end);
    if (this.options.timeField >= 0) this.timers.registerEventTimeTimer(namespace, this.clock.lastMsOf(end));
    else this.timers.registerProcessingTimeTimer(namespace, this.clock.lastMsOf(end));
  }

  private deleteTimer(end: number): void {
    const namespace = windowUntil(end);
    if (this.options.timeField >= 0) this.timers.deleteEventTimeTimer(namespace, this.clock.lastMsOf(end));
    else this.timers.deleteProcessingTimeTimer(namespace, this.clock.lastMsOf(end));
  }

  override onEventTime({ namespace }: InternalTimer): void {
    this.fire(namespace.namespaceKey as number);
  }

  override onProcessingTime({ namespace }: InternalTimer): void {
    this.fire(namespace.namespaceKey as number);
  }

  private fire(end: number): void {
    const own = this.sessions.value();
    const window = own?.windows.find((candidate) => candidate.end === end);
    if (own === null || window === undefined) return;
    own.windows = own.windows.filter((candidate) => candidate !== window);
    if (own.windows.length === 0) this.sessions.clear();
    else this.sessions.update(own);
    const { handler, properties } = this.options;
    if (handler.rows(window.accumulator) <= 0) return;
    const row: Row = [0, ...own.keyRow];
    handler.results(window.accumulator, row);
    for (const property of properties)
      row.push(property === "start" ? window.start : property === "end" ? window.end : this.clock.toEpoch(window.end - 1));
    if (this.probe.recording)
      this.probe.windowFired(this.getCurrentKey(), this.clock.toEpoch(window.start), this.clock.toEpoch(window.end), false);
    this.emit(row);
  }
}
