/**
 * SESSION aggregation: a record opens a window [t, t + gap) that merges with what it touches; the merged window fires once the
 * watermark reaches its last millisecond (Flink: merging windows of the table runtime). A record whose merged window is already past is late.
 */
import { isAccumulate } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import type { Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { KeyedStore, type StateKey } from "../state/keyed-store.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface SessionAggregateOptions {
  readonly keys: readonly number[];
  readonly handler: AggregateHandler;
  readonly gapMs: number;
  /** -1 = processing time. */
  readonly timeField: number;
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
  private readonly key: RowKey;
  private readonly keyPositions: readonly number[];
  private readonly sessions: KeyedStore<KeySessions>;
  /** Ends that may fire, with their keys; entries may be outdated by merging and are checked when they come up. */
  private readonly ends = new Map<number, Set<StateKey>>();

  constructor(session: SessionSettings, options: SessionAggregateOptions) {
    super(session);
    this.options = options;
    this.key = keyOf(options.keys);
    this.keyPositions = options.keys.map((field) => field + FIELD_OFFSET);
    this.sessions = this.register(new KeyedStore<KeySessions>("session-window"));
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  protected override afterRestore(): void {
    for (const [, key, { windows }] of this.sessions.entries()) for (const window of windows) this.addEnd(window.end, key);
  }

  processRow(row: Row): void {
    const time = this.options.timeField < 0 ? this.context.processingTime.currentMs() : row[this.options.timeField + FIELD_OFFSET];
    if (time === null) {
      throw new SqlRuntimeError("SQL_NULL_ROWTIME", "RowTime field should not be null, please convert it to a non-null long value.");
    }
    const start = time as number;
    const end = start + this.options.gapMs;
    const key = this.key(row);
    const own = this.sessions.get(0, key);
    const touching = own === undefined ? [] : own.windows.filter((window) => window.start <= end && start <= window.end);
    const mergedStart = Math.min(start, ...touching.map((window) => window.start));
    const mergedEnd = Math.max(end, ...touching.map((window) => window.end));
    if (this.options.timeField >= 0 && mergedEnd - 1 <= this.currentWatermark) {
      this.context.counter("numLateRecordsDropped").inc();
      this.context.probe.recordLate(row, start, this.currentWatermark, null);
      return;
    }
    const { handler } = this.options;
    const accumulator = touching.length > 0 ? touching[0].accumulator : handler.create();
    for (const window of touching.slice(1)) handler.merge(accumulator, window.accumulator);
    if (isAccumulate(kindOf(row))) handler.add(accumulator, row);
    else handler.retract(accumulator, row);
    const kept = own ?? { keyRow: this.keyPositions.map((at) => row[at]), windows: [] };
    if (own === undefined) this.sessions.set(0, key, kept);
    kept.windows = [
      ...kept.windows.filter((window) => !touching.includes(window)),
      { start: mergedStart, end: mergedEnd, accumulator },
    ].sort((a, b) => a.start - b.start);
    this.addEnd(mergedEnd, key);
    const { probe } = this.context;
    if (probe.recording) {
      probe.windowAssigned(key, mergedStart, mergedEnd);
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

  private addEnd(end: number, key: StateKey): void {
    let keys = this.ends.get(end);
    if (keys === undefined) {
      keys = new Set();
      this.ends.set(end, keys);
      if (this.options.timeField < 0) this.context.processingTime.schedule(end - 1, (now) => this.fireUntil(now));
    }
    keys.add(key);
  }

  protected override onWatermark(timestampMs: number): void {
    if (this.options.timeField >= 0) this.fireUntil(timestampMs);
  }

  private fireUntil(timestampMs: number): void {
    const due = [...this.ends.keys()].filter((end) => end - 1 <= timestampMs).sort((a, b) => a - b);
    for (const end of due) {
      const keys = this.ends.get(end)!;
      this.ends.delete(end);
      for (const key of keys) this.fire(end, key);
    }
  }

  private fire(end: number, key: StateKey): void {
    const own = this.sessions.get(0, key);
    const window = own?.windows.find((candidate) => candidate.end === end);
    if (own === undefined || window === undefined) return;
    own.windows = own.windows.filter((candidate) => candidate !== window);
    if (own.windows.length === 0) this.sessions.delete(0, key);
    const { handler, properties } = this.options;
    if (handler.rows(window.accumulator) <= 0) return;
    const row: Row = [0, ...own.keyRow];
    handler.results(window.accumulator, row);
    for (const property of properties) row.push(property === "start" ? window.start : property === "end" ? window.end : window.end - 1);
    if (this.context.probe.recording) this.context.probe.windowFired(key, window.start, window.end, false);
    this.emit(row);
  }
}
