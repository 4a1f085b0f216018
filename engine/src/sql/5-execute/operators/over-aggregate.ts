/**
 * OVER aggregates on a time attribute: each row with the aggregate of its frame (Flink: `StreamExecOverAggregate`).
 *
 * By event time, rows wait for the watermark and leave in time order; by processing time they leave as they come. With an unbounded
 * frame a row at or behind the watermark is dropped; with a bounded one a row no newer than what was last emitted for its key.
 */
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { MapState, ValueState } from "../../../state/state.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, withKind } from "../../../types/row.ts";
import type { Frame } from "../../2-analyze/rel.ts";
import type { Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

/** What a call appends: an aggregate's result, the number of the row, or the value of an earlier row. */
export type OverOutput =
  | { readonly kind: "aggregate"; readonly index: number }
  | { readonly kind: "rowNumber" }
  | { readonly kind: "lag"; readonly field: number; readonly offset: number; readonly otherwise: unknown };

export interface OverOptions {
  /** -1 = processing time. */
  readonly timeField: number;
  readonly frame: Frame;
  readonly handler: AggregateHandler;
  readonly outputs: readonly OverOutput[];
}

interface OverState {
  readonly accumulator: Accumulator;
  /** Rows that still count, oldest first: the frame, or what LAG looks back to. */
  history: Row[];
  historyTimes: number[];
  rows: number;
  lastMs: number;
}

export class OverAggregateOperator extends OneInputSqlOperator {
  private readonly options: OverOptions;
  private timers!: InternalTimerService;
  private states!: ValueState<OverState>;
  /** Rows by time that the watermark has not reached. */
  private waiting!: MapState<number, Row[]>;
  private readonly lookBack: number;

  constructor(session: SessionSettings, options: OverOptions) {
    super(session);
    this.options = options;
    this.lookBack = Math.max(0, ...options.outputs.map((output) => (output.kind === "lag" ? output.offset : 0)));
  }

  override open(): void {
    const { stateTtlMs } = this.session;
    const eventTime = this.options.timeField >= 0;
    this.states = this.valueState<OverState>("accState", eventTime ? 0 : stateTtlMs);
    if (!eventTime) return;
    this.timers = this.timerService();
    this.waiting = this.mapState<number, Row[]>("inputState");
  }

  protected override get keepsWatermark(): boolean {
    return this.options.timeField >= 0 && this.options.frame.preceding === null;
  }

  processRow(row: Row): void {
    const { timeField, frame } = this.options;
    if (timeField < 0) {
      this.emitRows([row], this.context.processingTime.currentMs());
      return;
    }
    const time = row[timeField + FIELD_OFFSET] as number;
    const limit = frame.preceding === null ? this.currentWatermark : (this.states.value()?.lastMs ?? MIN_TIMESTAMP);
    if (time <= limit) {
      this.dropLate(row, time);
      return;
    }
    const rows = this.waiting.get(time);
    if (rows === null) {
      this.waiting.put(time, [row]);
      this.timers.registerEventTimeTimer(VOID_NAMESPACE, time);
      return;
    }
    rows.push(row);
    if (this.writesBack) this.waiting.put(time, rows);
  }

  override onEventTime({ timestampMs }: InternalTimer): void {
    const rows = this.waiting.get(timestampMs) ?? [];
    this.waiting.remove(timestampMs);
    this.emitRows(rows, timestampMs);
  }

  private emitRows(rows: readonly Row[], time: number): void {
    const { handler, frame } = this.options;
    const state: OverState = this.states.value() ?? {
      accumulator: handler.create(),
      history: [],
      historyTimes: [],
      rows: 0,
      lastMs: time,
    };
    state.lastMs = time;
    // Peers share the result of a RANGE frame; in a ROWS frame each row has its own.
    const batches = frame.unit === "RANGE" ? [rows] : rows.map((row) => [row]);
    for (const batch of batches) {
      if (frame.preceding === null) for (const row of batch) handler.add(state.accumulator, row);
      const numbered: Row[] = [];
      for (const row of batch) {
        state.history.push(withKind(row, INSERT));
        state.historyTimes.push(time);
        state.rows++;
        numbered.push(this.prefix(row, state));
      }
      const results = this.results(state, time);
      numbered.forEach((made, i) => this.emit(this.complete(batch[i], made, results)));
      this.forget(state, time);
    }
    this.states.update(state);
  }

  /** Row number and earlier values, taken when the row arrives. */
  private prefix(_row: Row, state: OverState): Row {
    return this.options.outputs.map((output) => {
      if (output.kind === "rowNumber") return state.rows;
      if (output.kind === "aggregate") return null;
      const earlier = state.history[state.history.length - 1 - output.offset];
      return earlier === undefined ? output.otherwise : earlier[output.field + FIELD_OFFSET];
    });
  }

  private complete(row: Row, made: Row, results: Row): Row {
    const full = row.slice();
    this.options.outputs.forEach((output, i) => {
      full.push(output.kind === "aggregate" ? results[output.index] : made[i]);
    });
    return full;
  }

  private results(state: OverState, time: number): Row {
    const { handler, frame } = this.options;
    const results: Row = [];
    if (frame.preceding === null) {
      handler.results(state.accumulator, results);
      return results;
    }
    const accumulator = handler.create();
    const first = frame.unit === "ROWS" ? Math.max(0, state.history.length - 1 - frame.preceding) : 0;
    for (let i = first; i < state.history.length; i++) {
      if (frame.unit === "RANGE" && state.historyTimes[i] < time - frame.preceding) continue;
      handler.add(accumulator, state.history[i]);
    }
    handler.results(accumulator, results);
    return results;
  }

  private forget(state: OverState, time: number): void {
    const { frame } = this.options;
    let keep = this.lookBack;
    if (frame.preceding !== null && frame.unit === "ROWS") keep = Math.max(keep, frame.preceding);
    let drop = Math.max(0, state.history.length - keep);
    if (frame.preceding !== null && frame.unit === "RANGE") {
      const oldest = state.historyTimes.findIndex((at) => at >= time - frame.preceding!);
      drop = Math.min(drop, oldest < 0 ? state.history.length : oldest);
    }
    if (drop === 0) return;
    state.history = state.history.slice(drop);
    state.historyTimes = state.historyTimes.slice(drop);
  }
}
