/** Top-N per window: rows are collected per window and emitted, ranked, when the watermark ends it (Flink: `StreamExecWindowRank`). */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import type { InternalState } from "../../../state/keyed-state-backend.ts";
import type { ValueState } from "../../../state/state.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, withKind } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { WindowClock } from "../window-clock.ts";
import { EndNamespaces } from "../window-namespace.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./row-order.ts";

export interface WindowTopNOptions {
  readonly order: readonly SortKey[];
  readonly start: number;
  readonly end: number;
  readonly outputRank: boolean;
  readonly windowEnd: number;
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
}

export class WindowTopNOperator extends OneInputSqlOperator {
  private readonly options: WindowTopNOptions;
  private readonly compare: (a: Row, b: Row) => number;
  private readonly clock: WindowClock;
  private readonly windows = new EndNamespaces();
  private timers!: InternalTimerService;
  /** Best rows of a window, in order. */
  private rows!: ValueState<Row[]> & InternalState;

  constructor(session: SessionSettings, options: WindowTopNOptions) {
    super(session);
    this.options = options;
    this.clock = new WindowClock(session, options.localTime);
    this.compare = rowOrder(options.order);
  }

  override open(): void {
    this.rows = this.valueState<Row[]>("window-rank");
    this.timers = this.timerService();
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processRow(row: Row): void {
    const end = row[this.options.windowEnd + FIELD_OFFSET] as number;
    const lastMs = this.clock.lastMsOf(end);
    if (lastMs <= this.currentWatermark) {
      this.dropLate(row, lastMs);
      return;
    }
    const window = this.windows.of(end);
    this.rows.setCurrentNamespace(window);
    const rows = this.rows.value();
    if (rows === null) {
      this.rows.update([row]);
      this.timers.registerEventTimeTimer(window, lastMs);
      return;
    }
    let at = rows.length;
    while (at > 0 && this.compare(row, rows[at - 1]) < 0) at--;
    if (at >= this.options.end) return;
    rows.splice(at, 0, row);
    if (rows.length > this.options.end) rows.length = this.options.end;
    if (this.writesBack) this.rows.update(rows);
  }

  override onEventTime({ namespace }: InternalTimer): void {
    const { start, outputRank } = this.options;
    this.rows.setCurrentNamespace(namespace);
    const rows = this.rows.value() ?? [];
    this.rows.clear();
    for (let rank = start; rank <= rows.length; rank++) {
      const made = withKind(rows[rank - 1], INSERT);
      if (outputRank) made.push(rank);
      this.emit(made);
    }
  }
}
