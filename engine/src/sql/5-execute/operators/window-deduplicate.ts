/** The first or last row of each key and window, given out when the window is over (Flink: `RowTimeWindowDeduplicate`). */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import type { InternalState } from "../../../state/keyed-state-backend.ts";
import type { ValueState } from "../../../state/state.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row, withKind } from "../../../types/row.ts";
import { WindowClock } from "../window-clock.ts";
import { EndNamespaces } from "../window-namespace.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface WindowDeduplicateOptions {
  readonly timeField: number;
  readonly keepLast: boolean;
  readonly windowEnd: number;
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
}

export class WindowDeduplicateOperator extends OneInputSqlOperator {
  private readonly options: WindowDeduplicateOptions;
  private readonly clock: WindowClock;
  private readonly windows = new EndNamespaces();
  private timers!: InternalTimerService;
  private kept!: ValueState<Row> & InternalState;

  constructor(session: SessionSettings, options: WindowDeduplicateOptions) {
    super(session);
    this.options = options;
    this.clock = new WindowClock(session, options.localTime);
  }

  override open(): void {
    this.kept = this.valueState<Row>("window-rank") as ValueState<Row> & InternalState;
    this.timers = this.timerService();
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processRow(row: Row): void {
    const { windowEnd, timeField, keepLast } = this.options;
    const end = row[windowEnd + FIELD_OFFSET] as number;
    const lastMs = this.clock.lastMsOf(end);
    if (lastMs <= this.currentWatermark) {
      this.dropLate(row, lastMs);
      return;
    }
    const window = this.windows.of(end);
    this.kept.setCurrentNamespace(window);
    const before = this.kept.value();
    if (before === null) {
      this.kept.update(row);
      this.timers.registerEventTimeTimer(window, lastMs);
      return;
    }
    const [old, now] = [before[timeField + FIELD_OFFSET] as number, row[timeField + FIELD_OFFSET] as number];
    // Of rows with one time the last is the last that came.
    if (keepLast ? now >= old : now < old) this.kept.update(row);
  }

  override onEventTime({ namespace }: InternalTimer): void {
    this.kept.setCurrentNamespace(namespace);
    const row = this.kept.value();
    this.kept.clear();
    if (row !== null) this.emit(withKind(row, INSERT));
  }
}
