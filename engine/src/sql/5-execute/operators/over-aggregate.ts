/**
 * OVER aggregates on a time attribute: each row with the aggregate of its frame (Flink: `StreamExecOverAggregate` and its functions).
 *
 * By event time rows wait for the watermark and leave in time order; by processing time they leave as they come. What falls out of a bounded frame
 * is taken back from the accumulator, so that a row costs the same however large its frame is. All of a key is one value: batches of rows of one time, in
 * order, of which the first are in the frame and the others wait. (Flink has a map by time, and goes through all of it with every timer.)
 *
 * What is late is Flink's: with an unbounded frame a row at or behind the watermark; with a bounded one a row no newer than the last timer that fired for its
 * key, be it of rows or of the cleanup, which comes once half a frame more has passed without a row. Before the first of these that is 1970.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { ValueState } from "../../../state/state.ts";
import type { LogicalType } from "../../../types/logical-type.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, withKind } from "../../../types/row.ts";
import type { AggregateCall, Frame } from "../../2-analyze/rel.ts";
import { type Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

/** What a call appends: an aggregate's result, or the number of the row. */
export type OverOutput = { readonly kind: "aggregate"; readonly index: number } | { readonly kind: "rowNumber" };

/** Calls that are aggregates: their arguments are fields of the row, or constants that count as fields behind the row's own. */
export interface OverAggregates {
  readonly calls: readonly AggregateCall[];
  /** Of the row's fields, then of the constants. */
  readonly types: readonly LogicalType[];
  readonly constants: readonly unknown[];
}

export interface OverOptions {
  /** -1 = processing time. */
  readonly timeField: number;
  readonly frame: Frame;
  readonly aggregates: OverAggregates;
  readonly outputs: readonly OverOutput[];
}

interface OverState {
  readonly accumulator: Accumulator;
  /** Times and their rows, ascending: from `head` to `fired` in a RANGE frame, from there on waiting. */
  times: number[];
  batches: Row[][];
  head: number;
  fired: number;
  /** Rows that a ROWS frame holds, oldest first, from `oldest` on. */
  history: Row[];
  oldest: number;
  /** How many rows have left. */
  rows: number;
  /** The last timer that fired. */
  lastMs: number;
  /** When the state is dropped; 0 = not yet known. */
  cleanupMs: number;
}

/** Arrays give up what they no longer need when it is as much as they hold, and more than this. */
const COMPACT_MIN = 64;
const NO_ROWS: Row[] = [];

export class OverAggregateOperator extends OneInputSqlOperator {
  private readonly options: OverOptions;
  private readonly handler: AggregateHandler;
  /** Of a bounded frame: ms, or rows before the current one. */
  private readonly preceding: number | null;
  private readonly isRange: boolean;
  /** The outputs are the aggregates in order. */
  private readonly plain: boolean;
  private timers!: InternalTimerService;
  /** Apart from the others, which come nearly in the order of their time as long as these are not among them (flow/timer-queue.ts). */
  private cleanups!: InternalTimerService;
  private states!: ValueState<OverState>;

  constructor(session: SessionSettings, options: OverOptions) {
    super(session);
    this.options = options;
    const { frame, outputs } = options;
    this.preceding = frame.preceding;
    this.isRange = frame.unit === "RANGE";
    const { calls, types, constants } = options.aggregates;
    this.handler = new AggregateHandler(calls, types, this.preceding !== null, constants);
    this.plain = outputs.every((output, i) => output.kind === "aggregate" && output.index === i);
  }

  private get eventTime(): boolean {
    return this.options.timeField >= 0;
  }

  override open(): void {
    this.handler.open(this.evalContext);
    this.states = this.valueState<OverState>("accState", this.eventTime ? 0 : this.session.stateTtlMs);
    this.timers = this.timerService();
    this.cleanups = this.timerService("cleanup-timers");
  }

  protected override get keepsWatermark(): boolean {
    return this.eventTime && this.preceding === null;
  }

  processRow(row: Row): void {
    const state = this.states.value();
    if (!this.eventTime) {
      this.emitArrived(row, state ?? this.newState());
      return;
    }
    const time = row[this.options.timeField + FIELD_OFFSET] as number;
    if (time <= (this.preceding === null ? this.currentWatermark : (state?.lastMs ?? 0))) {
      this.dropLate(row, time);
      return;
    }
    const own = state ?? this.newState();
    this.wait(row, time, own);
    if (this.isRange && this.preceding !== null) this.postponeCleanup(own, time, this.preceding);
    if (state === null || this.writesBack) this.states.update(own);
  }

  /** By processing time a row leaves at once. */
  private emitArrived(row: Row, state: OverState): void {
    const now = this.context.processingTime.currentMs();
    const rows = [row];
    if (this.isRange && this.preceding !== null) {
      state.times.push(now);
      state.batches.push(rows);
      state.fired++;
    }
    this.emitRows(rows, state, now);
    this.states.update(state);
  }

  private newState(): OverState {
    return {
      accumulator: this.handler.create(),
      times: [],
      batches: [],
      head: 0,
      fired: 0,
      history: [],
      oldest: 0,
      rows: 0,
      lastMs: 0,
      cleanupMs: 0,
    };
  }

  private wait(row: Row, time: number, { times, batches }: OverState): void {
    let at = times.length;
    while (at > 0 && times[at - 1] > time) at--;
    if (at > 0 && times[at - 1] === time) {
      batches[at - 1].push(row);
      return;
    }
    if (at === times.length) {
      times.push(time);
      batches.push([row]);
    } else {
      times.splice(at, 0, time);
      batches.splice(at, 0, [row]);
    }
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, time);
  }

  private postponeCleanup(state: OverState, time: number, preceding: number): void {
    if (state.cleanupMs !== 0 && state.cleanupMs >= time + preceding + 1) return;
    state.cleanupMs = time + Math.trunc(preceding * 1.5) + 1;
    this.cleanups.registerEventTimeTimer(VOID_NAMESPACE, state.cleanupMs);
  }

  override onEventTime({ timestampMs }: InternalTimer): void {
    const state = this.states.value();
    if (state === null) return;
    if (state.cleanupMs !== 0 && state.cleanupMs <= timestampMs) {
      this.states.clear();
      return;
    }
    if (state.times[state.fired] === timestampMs) {
      const rows = state.batches[state.fired++];
      this.emitRows(rows, state, timestampMs);
    }
    if (timestampMs > state.lastMs) state.lastMs = timestampMs;
    if (this.writesBack) this.states.update(state);
  }

  private emitRows(rows: readonly Row[], state: OverState, time: number): void {
    const { handler, preceding } = this;
    this.expire(state, this.isRange && preceding !== null ? time - preceding : Number.POSITIVE_INFINITY);
    if (!this.isRange) {
      for (const row of rows) {
        if (preceding !== null) this.makeRoom(state, preceding);
        handler.add(state.accumulator, row);
        this.complete([row], state);
      }
      return;
    }
    // Peers share the result of a RANGE frame.
    for (const row of rows) handler.add(state.accumulator, row);
    this.complete(rows, state);
  }

  /** Takes what is older out of a RANGE frame; of other frames, rows that have left are no longer needed here. */
  private expire(state: OverState, fromMs: number): void {
    const { times, batches, fired } = state;
    const retracts = fromMs !== Number.POSITIVE_INFINITY;
    while (state.head < fired && times[state.head] < fromMs) {
      const rows = batches[state.head];
      batches[state.head++] = NO_ROWS;
      if (retracts) for (const row of rows) this.handler.retract(state.accumulator, row);
    }
    const { head } = state;
    if (head === 0 || (this.changesInPlace && (head < COMPACT_MIN || head * 2 < times.length))) return;
    state.times = times.slice(head);
    state.batches = batches.slice(head);
    state.fired -= head;
    state.head = 0;
  }

  /** Takes the oldest row out of a ROWS frame that is full. */
  private makeRoom(state: OverState, preceding: number): void {
    const held = state.history.length - state.oldest;
    if (held > preceding) this.handler.retract(state.accumulator, state.history[state.history.length - 1 - preceding]);
  }

  private complete(rows: readonly Row[], state: OverState): void {
    const results: Row = [];
    this.handler.results(state.accumulator, results);
    const keeps = this.isRange || this.preceding === null ? 0 : this.preceding + 1;
    for (const row of rows) {
      state.rows++;
      const full = withKind(row, INSERT);
      if (this.plain) for (let i = 0; i < results.length; i++) full.push(results[i]);
      else this.appendOutputs(full, results, state);
      if (keeps > 0) this.remember(state, row, keeps);
      this.emit(full);
    }
  }

  private appendOutputs(full: Row, results: Row, state: OverState): void {
    for (const output of this.options.outputs) full.push(output.kind === "aggregate" ? results[output.index] : state.rows);
  }

  private remember(state: OverState, row: Row, keeps: number): void {
    const { history } = state;
    history.push(withKind(row, INSERT));
    state.oldest = Math.max(state.oldest, history.length - keeps);
    if (state.oldest < COMPACT_MIN || state.oldest * 2 < history.length) return;
    state.history = history.slice(state.oldest);
    state.oldest = 0;
  }
}
