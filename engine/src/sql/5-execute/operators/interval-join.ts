/**
 * Join with a bound on the distance of two event times (Flink: `RowTimeIntervalJoin`): left − right lies in [lower, upper]. Rows
 * are kept only as long as a partner may still come. An outer row without partner is padded when its time is over; one that comes
 * too late for any partner at once. Watermarks are held back by the reach of the interval, because padded rows come late.
 */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../../base/long.ts";
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { ListState, ValueState } from "../../../state/state.ts";
import { BIGINT } from "../../../types/logical-type.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { inHashMapOrder } from "../java-hash-map.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { nulls, type PairMaker, pairMaker, type RowMaker, rowMaker } from "../codegen/row-makers.ts";
import { JoinKey, type JoinOptions } from "./regular-join.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

export interface IntervalJoinOptions extends JoinOptions {
  readonly leftTime: number;
  readonly rightTime: number;
  readonly lowerMs: number;
  readonly upperMs: number;
  /** Rows that have expired may stay so much longer (`table.exec.interval-join.min-cleanup-interval`). */
  readonly cleanupDelayMs: number;
  /** Something above shows in which order partners come. */
  readonly showsOrder: boolean;
}

/** One input. */
interface Side {
  readonly isLeft: boolean;
  /** Rows in the order in which they came. Of an outer side each has behind its fields whether it has met a partner. */
  readonly cache: ListState<Row>;
  /** When rows of the key are looked through next; at most one timer per key and side, as in Flink. */
  readonly cleanup: ValueState<number>;
  /** How long a row of this side waits for the other. */
  readonly reachMs: number;
  readonly outer: boolean;
  readonly timeAt: number;
  readonly key: JoinKey;
  readonly matchedAt: number;
  readonly withMatched: RowMaker;
  /** Rows up to here have no partners to expect; of the whole operator, not of a key. */
  expiredUntil: number;
}

export class IntervalJoinOperator extends TwoInputSqlOperator {
  private readonly options: IntervalJoinOptions;
  private readonly pair: PairMaker;
  private readonly delayMs: number;
  /** Left, right. */
  private sides!: readonly [Side, Side];
  private timers!: InternalTimerService;
  private matches: ((row: Row) => boolean) | null = null;
  private readonly leftPadding: Row;
  private readonly rightPadding: Row;

  constructor(session: SessionSettings, options: IntervalJoinOptions) {
    super(session);
    this.options = options;
    this.pair = pairMaker(options.leftWidth, options.rightWidth);
    this.leftPadding = nulls(options.leftWidth);
    this.rightPadding = nulls(options.rightWidth);
    this.delayMs = Math.max(0, -options.lowerMs, options.upperMs);
  }

  override open(): void {
    const { options } = this;
    if (options.condition !== null) this.matches = compilePredicate(options.condition, this.evalContext);
    this.timers = this.timerService();
    this.sides = [this.sideOf(0), this.sideOf(1)];
  }

  private sideOf(index: 0 | 1): Side {
    const { options } = this;
    const isLeft = index === 0;
    const name = isLeft ? "Left" : "Right";
    return {
      isLeft,
      cache: this.listState<Row>(`IntervalJoin${name}Cache`),
      cleanup: this.valueState<number>(`IntervalJoin${name}TimerState`),
      reachMs: isLeft ? -options.lowerMs : options.upperMs,
      outer: options.type === "full" || options.type === (isLeft ? "left" : "right"),
      key: new JoinKey(isLeft ? options.leftKeys : options.rightKeys),
      timeAt: (isLeft ? options.leftTime : options.rightTime) + FIELD_OFFSET,
      matchedAt: (isLeft ? options.leftWidth : options.rightWidth) + FIELD_OFFSET,
      withMatched: rowMaker(isLeft ? options.leftWidth : options.rightWidth, 1),
      expiredUntil: MIN_TIMESTAMP,
    };
  }

  protected override get watermarkDelayMs(): number {
    return this.delayMs;
  }

  protected override get keepsWatermark(): boolean {
    return true;
  }

  processLeft(row: Row): void {
    this.process(row, this.sides[0], this.sides[1]);
  }

  processRight(row: Row): void {
    this.process(row, this.sides[1], this.sides[0]);
  }

  private process(row: Row, own: Side, other: Side): void {
    const time = row[own.timeAt] as number;
    const untilMs = time + own.reachMs;
    const matched = other.expiredUntil < untilMs && !own.key.hasNull(row) && this.joinWithCached(row, time, own, other);
    if (this.currentWatermark < untilMs) this.keep(row, time, own, matched);
    else if (!matched && own.outer) this.emitPadded(row, own);
  }

  /** Joins with what is kept of the other side, and lets go what has expired of it. True when there was a partner. */
  private joinWithCached(row: Row, time: number, own: Side, other: Side): boolean {
    const fromMs = time - other.reachMs;
    const toMs = time + own.reachMs;
    other.expiredUntil = this.expiration(other);
    const rows = other.cache.get();
    const candidates = this.options.showsOrder ? this.inMapOrder(rows, other, fromMs, toMs) : rows;
    let matched = false;
    let expired = 0;
    let changed = false;
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i];
      const candidateTime = candidate[other.timeAt] as number;
      if (candidateTime >= fromMs && candidateTime <= toMs && this.joinWith(row, candidate, own)) {
        matched = true;
        if (other.outer && candidate[other.matchedAt] === 0) {
          candidate[other.matchedAt] = 1;
          changed = true;
        }
      }
      if (candidateTime <= other.expiredUntil) {
        expired++;
        this.emitUnmatched(candidate, other);
      }
    }
    if (expired > 0) this.dropExpired(other, rows, expired);
    else if (changed && this.writesBack) other.cache.update(rows);
    return matched;
  }

  /** Flink keeps rows in a map by their time, and walks over that; nobody can tell with less than two partners. */
  private inMapOrder(rows: readonly Row[], { timeAt }: Side, fromMs: number, toMs: number): readonly Row[] {
    let partners = 0;
    for (let i = 0; i < rows.length && partners < 2; i++) {
      const time = rows[i][timeAt] as number;
      if (time >= fromMs && time <= toMs) partners++;
    }
    if (partners < 2) return rows;
    const byTime = new Map<number, Row[]>();
    for (const row of rows) {
      const time = row[timeAt] as number;
      const same = byTime.get(time);
      if (same === undefined) byTime.set(time, [row]);
      else same.push(row);
    }
    return inHashMapOrder([...byTime], ([time]) => time, BIGINT).flatMap(([, same]) => same);
  }

  /** True when they are partners. */
  private joinWith(row: Row, candidate: Row, own: Side): boolean {
    const pair = own.isLeft ? this.pair(row, candidate, INSERT) : this.pair(candidate, row, INSERT);
    if (this.matches !== null && !this.matches(pair)) return false;
    this.emit(pair);
    return true;
  }

  private keep(row: Row, time: number, side: Side, matched: boolean): void {
    side.cache.add(side.outer ? side.withMatched(row, INSERT, matched ? 1 : 0) : row);
    if (side.cleanup.value() === null) this.setCleanup(side, time);
  }

  private expiration(side: Side): number {
    return this.currentWatermark === MAX_TIMESTAMP ? MAX_TIMESTAMP : this.currentWatermark - side.reachMs - 1;
  }

  private setCleanup(side: Side, timeMs: number): void {
    const at = timeMs + side.reachMs + this.options.cleanupDelayMs + 1;
    side.cleanup.update(at);
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, at);
  }

  private emitUnmatched(row: Row, side: Side): void {
    if (side.outer && row[side.matchedAt] === 0) this.emitPadded(row, side);
  }

  /** Forgets the rows that no partner can match any more: so many of these, which are all that there are. */
  private dropExpired({ cache, timeAt, expiredUntil }: Side, rows: readonly Row[], expired: number): void {
    if (expired === rows.length) cache.clear();
    else cache.update(rows.filter((row) => (row[timeAt] as number) > expiredUntil));
  }

  override onEventTime({ timestampMs }: InternalTimer): void {
    this.cleanUp(this.sides[1], timestampMs);
    this.cleanUp(this.sides[0], timestampMs);
  }

  private cleanUp(side: Side, timestampMs: number): void {
    if (side.cleanup.value() !== timestampMs) return;
    side.expiredUntil = this.expiration(side);
    let oldest = Number.POSITIVE_INFINITY;
    let expired = 0;
    const rows = side.cache.get();
    for (let i = 0; i < rows.length; i++) {
      const time = rows[i][side.timeAt] as number;
      if (time <= side.expiredUntil) {
        expired++;
        this.emitUnmatched(rows[i], side);
      } else if (time < oldest) oldest = time;
    }
    if (expired > 0) this.dropExpired(side, rows, expired);
    if (oldest === Number.POSITIVE_INFINITY) side.cleanup.clear();
    else this.setCleanup(side, oldest);
  }

  private emitPadded(row: Row, side: Side): void {
    this.emit(side.isLeft ? this.pair(row, this.rightPadding, INSERT) : this.pair(this.leftPadding, row, INSERT));
  }
}
