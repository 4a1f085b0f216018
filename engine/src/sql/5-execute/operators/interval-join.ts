/**
 * Join with a bound on the distance of two event times (Flink: `RowTimeIntervalJoin`): left − right lies in [lower, upper]. Rows
 * are kept only as long as a partner may still come. An outer row without partner is padded when its time is over; one that comes
 * too late for any partner at once. Watermarks are held back by the reach of the interval, because padded rows come late.
 */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../../base/long.ts";
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { MapState, ValueState } from "../../../state/state.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { hasNullKey, type JoinOptions, joined, nulls } from "./regular-join.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

export interface IntervalJoinOptions extends JoinOptions {
  readonly leftTime: number;
  readonly rightTime: number;
  readonly lowerMs: number;
  readonly upperMs: number;
}

interface Cached {
  readonly row: Row;
  matched: boolean;
}

/** One input. */
interface Side {
  /** Rows by their time. */
  readonly cache: MapState<number, Cached[]>;
  /** When rows of the key are looked through next; at most one timer per key and side, as in Flink. */
  readonly cleanup: ValueState<number>;
  /** How long a row of this side waits for the other. */
  readonly reachMs: number;
  readonly outer: boolean;
  readonly timeAt: number;
  readonly nullKey: (row: Row) => boolean;
  /** Rows up to here have no partners to expect; of the whole operator, not of a key. */
  expiredUntil: number;
}

export class IntervalJoinOperator extends TwoInputSqlOperator {
  private readonly options: IntervalJoinOptions;
  private readonly delayMs: number;
  private sides!: readonly [Side, Side];
  private timers!: InternalTimerService;
  private matches: ((row: Row) => boolean) | null = null;

  constructor(session: SessionSettings, options: IntervalJoinOptions) {
    super(session);
    this.options = options;
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
    const name = index === 0 ? "Left" : "Right";
    return {
      cache: this.mapState<number, Cached[]>(`IntervalJoin${name}Cache`),
      cleanup: this.valueState<number>(`IntervalJoin${name}TimerState`),
      reachMs: index === 0 ? -options.lowerMs : options.upperMs,
      outer: options.type === "full" || options.type === (index === 0 ? "left" : "right"),
      nullKey: hasNullKey(index === 0 ? options.leftKeys : options.rightKeys),
      timeAt: (index === 0 ? options.leftTime : options.rightTime) + FIELD_OFFSET,
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
    this.process(row, 0);
  }

  processRight(row: Row): void {
    this.process(row, 1);
  }

  private process(row: Row, index: 0 | 1): void {
    const own = this.sides[index];
    const other = this.sides[1 - index];
    const time = row[own.timeAt] as number;
    const from = time - other.reachMs;
    const to = time + own.reachMs;
    let matched = false;
    if (other.expiredUntil < to && !own.nullKey(row)) {
      other.expiredUntil = this.expiration(other);
      for (const [candidateTime, cached] of other.cache.entries()) {
        if (candidateTime >= from && candidateTime <= to && this.joinWith(row, cached, index)) {
          matched = true;
          if (this.writesBack) other.cache.put(candidateTime, cached);
        }
        if (candidateTime <= other.expiredUntil) this.expire(other, index === 0 ? 1 : 0, candidateTime, cached);
      }
    }
    if (this.currentWatermark < to) {
      const cached = own.cache.get(time);
      if (cached === null) own.cache.put(time, [{ row, matched }]);
      else {
        cached.push({ row, matched });
        if (this.writesBack) own.cache.put(time, cached);
      }
      if (own.cleanup.value() === null) this.setCleanup(own, time);
    } else if (!matched && own.outer) {
      this.emitPadded(row, index);
    }
  }

  /** True when there was a partner among them. */
  private joinWith(row: Row, candidates: readonly Cached[], index: 0 | 1): boolean {
    let matched = false;
    for (const candidate of candidates) {
      const pair = index === 0 ? joined(row, candidate.row, INSERT) : joined(candidate.row, row, INSERT);
      if (this.matches !== null && !this.matches(pair)) continue;
      matched = true;
      candidate.matched = true;
      this.emit(pair);
    }
    return matched;
  }

  private expiration(side: Side): number {
    return this.currentWatermark === MAX_TIMESTAMP ? MAX_TIMESTAMP : this.currentWatermark - side.reachMs - 1;
  }

  private setCleanup(side: Side, timeMs: number): void {
    const at = timeMs + side.reachMs + 1;
    side.cleanup.update(at);
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, at);
  }

  /** Drops rows that no partner can match any more, padding outer ones. */
  private expire(side: Side, index: 0 | 1, timeMs: number, cached: readonly Cached[]): void {
    if (side.outer) for (const { row, matched } of cached) if (!matched) this.emitPadded(row, index);
    side.cache.remove(timeMs);
  }

  override onEventTime({ timestampMs }: InternalTimer): void {
    for (const index of [1, 0] as const) {
      const side = this.sides[index];
      if (side.cleanup.value() !== timestampMs) continue;
      side.expiredUntil = this.expiration(side);
      let oldest = Number.POSITIVE_INFINITY;
      for (const [time, cached] of side.cache.entries()) {
        if (time <= side.expiredUntil) this.expire(side, index, time, cached);
        else if (time < oldest) oldest = time;
      }
      if (oldest === Number.POSITIVE_INFINITY) side.cleanup.clear();
      else this.setCleanup(side, oldest);
    }
  }

  private emitPadded(row: Row, index: 0 | 1): void {
    this.emit(index === 0 ? joined(row, nulls(this.options.rightWidth), INSERT) : joined(nulls(this.options.leftWidth), row, INSERT));
  }
}
