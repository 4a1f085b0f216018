/** ORDER BY a time attribute: rows wait for the watermark and leave in order; late ones are dropped (Flink: `RowTimeSortOperator`). */
import { MIN_TIMESTAMP } from "../../../base/long.ts";
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { MapState, ValueState } from "../../../state/state.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./row-order.ts";

export class TemporalSortOperator extends OneInputSqlOperator {
  private readonly timeAt: number;
  private readonly eventTime: boolean;
  private readonly compare: (a: Row, b: Row) => number;
  private timers!: InternalTimerService;
  /** Rows by their time. */
  private waiting!: MapState<number, Row[]>;
  /** Time of the last rows that left: what is no newer comes too late. */
  private fired!: ValueState<number>;

  constructor(session: SessionSettings, keys: readonly SortKey[], eventTime: boolean) {
    super(session);
    this.timeAt = keys[0].field + FIELD_OFFSET;
    this.eventTime = eventTime;
    this.compare = rowOrder(keys);
  }

  override open(): void {
    if (!this.eventTime) return;
    this.timers = this.timerService();
    this.waiting = this.mapState<number, Row[]>("sortState");
    this.fired = this.valueState<number>("lastTriggeringTsState");
  }

  processRow(row: Row): void {
    if (!this.eventTime) {
      this.emit(row);
      return;
    }
    const time = row[this.timeAt] as number;
    if (time <= (this.fired.value() ?? MIN_TIMESTAMP)) {
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
    this.fired.update(timestampMs);
    for (const row of rows.sort(this.compare)) this.emit(row);
  }
}
