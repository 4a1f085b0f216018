/**
 * SESSION windows, whatever they hold: a record opens a window [t, t + gap) that merges with what it touches; the merged window fires once the
 * watermark reaches its last millisecond (Flink: merging windows of the table runtime). A record whose merged window is already past is late.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { ValueState } from "../../../state/state.ts";
import { isAccumulate } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { WindowClock } from "../window-clock.ts";
import { windowUntil } from "../window-namespace.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface SessionOptions {
  /** Fields that are handed over with a window. */
  readonly keys: readonly number[];
  readonly gapMs: number;
  /** -1 = processing time. */
  readonly timeField: number;
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
}

/** What a window holds: an accumulator of aggregates, or its rows. It is changed in place. */
export interface SessionContents {
  create(): unknown[];
  add(contents: unknown[], row: Row): void;
  retract(contents: unknown[], row: Row): void;
  merge(into: unknown[], from: unknown[]): void;
}

export interface SessionWindow {
  start: number;
  end: number;
  readonly contents: unknown[];
}

interface KeySessions {
  readonly keyRow: Row;
  /** By start. */
  windows: SessionWindow[];
}

export abstract class SessionWindowsOperator extends OneInputSqlOperator {
  private readonly options: SessionOptions;
  private readonly contents: SessionContents;
  private readonly keyPositions: readonly number[];
  protected readonly clock: WindowClock;
  private sessions!: ValueState<KeySessions>;
  private timers!: InternalTimerService;

  constructor(session: SessionSettings, options: SessionOptions, contents: SessionContents) {
    super(session);
    this.options = options;
    this.contents = contents;
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
    const only = own !== null && own.windows.length === 1 ? own.windows[0] : null;
    if (own !== null && only !== null && only.start <= end && start <= only.end) this.grow(own, only, row, start, end);
    else this.merge(own, row, start, end);
  }

  private isLate(end: number): boolean {
    return this.options.timeField >= 0 && this.clock.lastMsOf(end) <= this.currentWatermark;
  }

  /** The watermark has passed the end of a window. */
  protected abstract emitWindow(window: SessionWindow, keyRow: Row): void;

  private count(row: Row, contents: unknown[]): void {
    if (isAccumulate(kindOf(row))) this.contents.add(contents, row);
    else this.contents.retract(contents, row);
  }

  /** The usual case: the row belongs to the key's one session. */
  private grow(own: KeySessions, session: SessionWindow, row: Row, start: number, end: number): void {
    if (this.isLate(Math.max(session.end, end))) {
      this.dropLate(row, start);
      return;
    }
    this.count(row, session.contents);
    const before = { start: session.start, end: session.end };
    if (start < session.start) session.start = start;
    if (end > session.end) {
      this.moveTimer(session.end, end);
      session.end = end;
    }
    if (this.writesBack) this.sessions.update(own);
    if (!this.probe.recording) return;
    this.recordMerge([before], session.start, session.end);
    this.recordAssignment(session.start, session.end);
  }

  private merge(own: KeySessions | null, row: Row, start: number, end: number): void {
    const touching = own === null ? [] : own.windows.filter((window) => window.start <= end && start <= window.end);
    const mergedStart = Math.min(start, ...touching.map((window) => window.start));
    const mergedEnd = Math.max(end, ...touching.map((window) => window.end));
    if (this.isLate(mergedEnd)) {
      this.dropLate(row, start);
      return;
    }
    const contents = touching.length > 0 ? touching[0].contents : this.contents.create();
    for (const window of touching.slice(1)) this.contents.merge(contents, window.contents);
    this.count(row, contents);
    const kept = own ?? { keyRow: this.keyPositions.map((at) => row[at]), windows: [] };
    kept.windows = [...kept.windows.filter((window) => !touching.includes(window)), { start: mergedStart, end: mergedEnd, contents }].sort(
      (a, b) => a.start - b.start,
    );
    this.sessions.update(kept);
    for (const part of touching) if (part.end !== mergedEnd) this.deleteTimer(part.end);
    this.registerTimer(mergedEnd);
    if (!this.probe.recording) return;
    this.recordMerge(touching, mergedStart, mergedEnd);
    this.recordAssignment(mergedStart, mergedEnd);
  }

  /** One session that has grown is recorded as well, as the window operator of the DataStream API does. */
  private recordMerge(parts: readonly { readonly start: number; readonly end: number }[], start: number, end: number): void {
    if (!parts.some((part) => part.start !== start || part.end !== end)) return;
    const merged = parts.map((part) => ({ startMs: this.clock.toEpoch(part.start), endMs: this.clock.toEpoch(part.end) }));
    this.probe.windowMerged(this.getCurrentKey(), this.clock.toEpoch(start), this.clock.toEpoch(end), merged);
  }

  private recordAssignment(start: number, end: number): void {
    this.probe.windowAssigned(this.getCurrentKey(), this.clock.toEpoch(start), this.clock.toEpoch(end));
  }

  /** Where the wall clock and epoch milliseconds are one, a timer's time says which session it ends. */
  private timerNamespace(end: number): StateNamespace {
    return this.options.localTime || this.options.timeField < 0 ? windowUntil(end) : VOID_NAMESPACE;
  }

  private moveTimer(from: number, to: number): void {
    if (this.options.timeField < 0) {
      this.deleteTimer(from);
      this.registerTimer(to);
      return;
    }
    this.timers.moveEventTimeTimer(this.timerNamespace(from), this.clock.lastMsOf(from), this.timerNamespace(to), this.clock.lastMsOf(to));
  }

  private registerTimer(end: number): void {
    if (this.options.timeField >= 0) this.timers.registerEventTimeTimer(this.timerNamespace(end), this.clock.lastMsOf(end));
    else this.timers.registerProcessingTimeTimer(this.timerNamespace(end), this.clock.lastMsOf(end));
  }

  private deleteTimer(end: number): void {
    if (this.options.timeField >= 0) this.timers.deleteEventTimeTimer(this.timerNamespace(end), this.clock.lastMsOf(end));
    else this.timers.deleteProcessingTimeTimer(this.timerNamespace(end), this.clock.lastMsOf(end));
  }

  override onEventTime({ namespace, timestampMs }: InternalTimer): void {
    this.fire(namespace === VOID_NAMESPACE ? timestampMs + 1 : (namespace.namespaceKey as number));
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
    this.emitWindow(window, own.keyRow);
  }
}
