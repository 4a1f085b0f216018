/**
 * One row per key: the first or last by event time or by arrival (Flink: `StreamExecDeduplicate`).
 *
 * Keep-last emits at once and updates; keep-first by arrival emits at once and for good; keep-first by event time waits until the
 * watermark has passed the candidate and drops rows at or behind the watermark.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { ValueState } from "../../../state/state.ts";
import { INSERT, type RowKind, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, sameFields, withKind } from "../../../types/row.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface DeduplicateOptions {
  /** -1 = by arrival. */
  readonly timeField: number;
  readonly keepLast: boolean;
  /** By arrival: the field with the processing time, in which rows differ without being different. */
  readonly arrivalField: number;
  /** The first row by event time is given out at once and may be replaced (over batches). */
  readonly updatesFirst: boolean;
  /** Updates come with what they replace. */
  readonly updateBefore: boolean;
}

export class DeduplicateOperator extends OneInputSqlOperator {
  private readonly options: DeduplicateOptions;
  private timers!: InternalTimerService;
  /** The row that is kept. */
  private kept!: ValueState<Row>;

  constructor(session: SessionSettings, options: DeduplicateOptions) {
    super(session);
    this.options = options;
  }

  override open(): void {
    const { stateTtlMs } = this.session;
    this.kept = this.valueState<Row>("deduplicate-state", stateTtlMs);
    if (this.waitsForWatermark) this.timers = this.timerService();
  }

  private get waitsForWatermark(): boolean {
    const { keepLast, timeField, updatesFirst } = this.options;
    return !keepLast && timeField >= 0 && !updatesFirst;
  }

  protected override get keepsWatermark(): boolean {
    return this.waitsForWatermark;
  }

  processRow(row: Row): void {
    const { timeField, keepLast, updatesFirst } = this.options;
    if (keepLast) this.keepLast(row);
    else if (updatesFirst && timeField >= 0) this.keepEarliest(row);
    else if (timeField < 0) this.keepFirstArrived(row);
    else this.keepFirst(row, row[timeField + FIELD_OFFSET] as number);
  }

  private keepFirstArrived(row: Row): void {
    if (this.kept.value() !== null) return;
    this.kept.update(row);
    this.emitRow(row, INSERT);
  }

  private keepEarliest(row: Row): void {
    const before = this.kept.value();
    const at = this.options.timeField + FIELD_OFFSET;
    if (before !== null && (row[at] as number) >= (before[at] as number)) return;
    this.kept.update(row);
    if (before === null) this.emitRow(row, INSERT);
    else this.emitUpdate(before, row);
  }

  private keepFirst(row: Row, time: number): void {
    if (time <= this.currentWatermark) {
      this.dropLate(row, time);
      return;
    }
    const before = this.kept.value();
    if (before !== null) {
      const earlier = before[this.options.timeField + FIELD_OFFSET] as number;
      if (earlier <= time) return;
      this.timers.deleteEventTimeTimer(VOID_NAMESPACE, earlier);
    }
    this.kept.update(row);
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, time);
  }

  /** The row stays: whatever comes for its key now is either late or newer. */
  override onEventTime(_timer: InternalTimer): void {
    const row = this.kept.value();
    if (row !== null) this.emitRow(row, INSERT);
  }

  private keepLast(row: Row): void {
    const { timeField } = this.options;
    const before = this.kept.value();
    if (before !== null && timeField >= 0 && (row[timeField + FIELD_OFFSET] as number) < (before[timeField + FIELD_OFFSET] as number))
      return;
    this.kept.update(row);
    if (before === null) {
      this.emitRow(row, INSERT);
    } else if (timeField >= 0 || this.session.stateTtlMs > 0 || !sameFieldsBut(this.options.arrivalField + FIELD_OFFSET, before, row)) {
      this.emitUpdate(before, row);
    }
  }

  private emitUpdate(before: Row, row: Row): void {
    if (this.options.updateBefore) this.emitRow(before, UPDATE_BEFORE);
    this.emitRow(row, UPDATE_AFTER);
  }

  private emitRow(row: Row, kind: RowKind): void {
    this.emit(withKind(row, kind));
  }
}

function sameFieldsBut(at: number, a: Row, b: Row): boolean {
  if (sameFields(a, b)) return true;
  const patched = a.slice();
  patched[at] = b[at];
  return sameFields(patched, b);
}
