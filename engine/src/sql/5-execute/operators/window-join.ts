/** Join within equal windows: both sides are collected per window and key, and joined when the watermark ends the window. */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import type { InternalState } from "../../../state/keyed-state-backend.ts";
import type { ListState } from "../../../state/state.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { nulls, type PairMaker, pairMaker } from "../codegen/row-makers.ts";
import { WindowClock } from "../window-clock.ts";
import { EndNamespaces } from "../window-namespace.ts";
import { JoinKey, type JoinOptions } from "./regular-join.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

export interface WindowJoinOptions extends JoinOptions {
  /** Fields of window_end. */
  readonly leftEnd: number;
  readonly rightEnd: number;
  /** Windows align to the session's wall clock. */
  readonly localTime: boolean;
}

export class WindowJoinOperator extends TwoInputSqlOperator {
  private readonly options: WindowJoinOptions;
  private readonly pair: PairMaker;
  private readonly leftKey: JoinKey;
  private readonly clock: WindowClock;
  private readonly windows = new EndNamespaces();
  private sides!: readonly [ListState<Row> & InternalState, ListState<Row> & InternalState];
  private timers!: InternalTimerService;
  private matches: ((row: Row) => boolean) | null = null;

  constructor(session: SessionSettings, options: WindowJoinOptions) {
    super(session);
    this.options = options;
    this.pair = pairMaker(options.leftWidth, options.rightWidth);
    this.clock = new WindowClock(session, options.localTime);
    this.leftKey = new JoinKey(options.leftKeys);
  }

  override open(): void {
    this.sides = [this.listState<Row>("left-records"), this.listState<Row>("right-records")];
    this.timers = this.timerService();
    if (this.options.condition !== null) this.matches = compilePredicate(this.options.condition, this.evalContext);
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processLeft(row: Row): void {
    this.collect(row, 0, row[this.options.leftEnd + FIELD_OFFSET] as number);
  }

  processRight(row: Row): void {
    this.collect(row, 1, row[this.options.rightEnd + FIELD_OFFSET] as number);
  }

  private collect(row: Row, side: 0 | 1, end: number): void {
    const lastMs = this.clock.lastMsOf(end);
    if (lastMs <= this.currentWatermark) {
      this.dropLate(row, lastMs);
      return;
    }
    const window = this.windows.of(end);
    this.sides[side].setCurrentNamespace(window);
    this.sides[side].add(row);
    this.timers.registerEventTimeTimer(window, lastMs);
  }

  override onEventTime({ namespace }: InternalTimer): void {
    const [left, right] = this.sides.map((side) => {
      side.setCurrentNamespace(namespace);
      const rows = side.get();
      side.clear();
      return rows;
    });
    this.joinWindow(left, right);
  }

  private joinWindow(left: readonly Row[], right: readonly Row[]): void {
    const { type, leftWidth, rightWidth } = this.options;
    const matchedRight = new Set<Row>();
    for (const a of left) {
      let matched = false;
      for (const b of right) {
        if (this.leftKey.hasNull(a)) break;
        const pair = this.pair(a, b, INSERT);
        if (this.matches !== null && !this.matches(pair)) continue;
        matched = true;
        matchedRight.add(b);
        if (type === "semi" || type === "anti") break;
        this.emit(pair);
      }
      if (type === "semi" ? matched : type === "anti" ? !matched : false) this.emit(a);
      if (!matched && (type === "left" || type === "full")) this.emit(this.pair(a, nulls(rightWidth), INSERT));
    }
    if (type !== "right" && type !== "full") return;
    for (const b of right) if (!matchedRight.has(b)) this.emit(this.pair(nulls(leftWidth), b, INSERT));
  }
}
