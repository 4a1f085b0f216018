/**
 * One row per key: the first or last by event time or by arrival (Flink: `StreamExecDeduplicate`).
 *
 * Keep-last emits at once and updates; keep-first by arrival emits at once and for good; keep-first by event time waits until the
 * watermark has passed the candidate and drops rows at or behind the watermark.
 */
import { INSERT, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, rowDigest, withKind } from "../../../types/row.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface DeduplicateOptions {
  readonly keys: readonly number[];
  /** -1 = by arrival. */
  readonly timeField: number;
  readonly keepLast: boolean;
  /** The constant rank 1 is part of the output. */
  readonly outputRank: boolean;
}

interface Kept {
  readonly row: Row;
  emitted: boolean;
  readonly atMs: number;
}

export class DeduplicateOperator extends OneInputSqlOperator {
  private readonly options: DeduplicateOptions;
  private readonly key: RowKey;
  private readonly kept: KeyedStore<Kept>;

  constructor(session: SessionSettings, options: DeduplicateOptions) {
    super(session);
    this.options = options;
    this.key = keyOf(options.keys);
    this.kept = this.register(new KeyedStore<Kept>("deduplicate-state"));
  }

  processRow(row: Row): void {
    const { timeField, keepLast } = this.options;
    const key = this.key(row);
    const now = this.session.stateTtlMs > 0 ? this.context.ttlClock() : 0;
    let before = this.kept.get(0, key);
    if (before !== undefined && this.session.stateTtlMs > 0 && before.atMs + this.session.stateTtlMs <= now) before = undefined;
    const time = timeField < 0 ? 0 : (row[timeField + FIELD_OFFSET] as number);
    const earlier = before === undefined || timeField < 0 ? 0 : (before.row[timeField + FIELD_OFFSET] as number);
    if (!keepLast) {
      if (timeField < 0) {
        if (before !== undefined) return;
        this.kept.set(0, key, { row, emitted: true, atMs: now });
        this.emitRow(row, INSERT);
        return;
      }
      if (time <= this.currentWatermark) {
        this.context.counter("numLateRecordsDropped").inc();
        return;
      }
      if (before === undefined || (!before.emitted && time < earlier)) this.kept.set(0, key, { row, emitted: false, atMs: now });
      return;
    }
    if (before !== undefined && time < earlier) return;
    this.kept.set(0, key, { row, emitted: true, atMs: now });
    if (before === undefined) {
      this.emitRow(row, INSERT);
    } else if (timeField >= 0 || this.session.stateTtlMs > 0 || rowDigest(before.row) !== rowDigest(row)) {
      this.emitRow(before.row, UPDATE_BEFORE);
      this.emitRow(row, UPDATE_AFTER);
    }
  }

  protected override onWatermark(timestampMs: number): void {
    const { timeField, keepLast } = this.options;
    if (keepLast || timeField < 0) return;
    for (const [, , kept] of this.kept.entries()) {
      if (kept.emitted || (kept.row[timeField + FIELD_OFFSET] as number) > timestampMs) continue;
      kept.emitted = true;
      this.emitRow(kept.row, INSERT);
    }
  }

  private emitRow(row: Row, kind: 0 | 1 | 2 | 3): void {
    const made = withKind(row, kind);
    if (this.options.outputRank) made.push(1);
    this.emit(made);
  }
}
