/**
 * Join with a bound on the distance of two event times (Flink: `RowTimeIntervalJoin`): left − right lies in [lower, upper]. Rows
 * are kept only as long as a partner may still come. An outer row without partner is padded when its time is over; one that comes
 * too late for any partner at once. Watermarks are held back by the reach of the interval, because padded rows come late.
 */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../../base/long.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { compilePredicate } from "../compile-expression.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { KeyedStore, type StateKey } from "../state/keyed-store.ts";
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
  readonly time: number;
  matched: boolean;
}

interface Side {
  readonly rows: KeyedStore<Cached[]>;
  /** Cleanup time per key; at most one, as in Flink. */
  readonly timers: KeyedStore<number>;
  /** How long a row of this side waits for the other. */
  readonly reachMs: number;
  readonly outer: boolean;
  readonly key: RowKey;
  readonly timeAt: number;
  readonly nullKey: (row: Row) => boolean;
  expiredUntil: number;
}

export class IntervalJoinOperator extends TwoInputSqlOperator {
  private readonly options: IntervalJoinOptions;
  private readonly sides: readonly [Side, Side];
  private readonly delayMs: number;
  private matches: ((row: Row) => boolean) | null = null;

  constructor(session: SessionSettings, options: IntervalJoinOptions) {
    super(session);
    this.options = options;
    const { type } = options;
    const side = (name: string, index: 0 | 1): Side => ({
      rows: this.register(new KeyedStore<Cached[]>(`${name}-cache`)),
      timers: this.register(new KeyedStore<number>(`${name}-timers`)),
      reachMs: index === 0 ? -options.lowerMs : options.upperMs,
      outer: type === "full" || type === (index === 0 ? "left" : "right"),
      key: keyOf(index === 0 ? options.leftKeys : options.rightKeys),
      nullKey: hasNullKey(index === 0 ? options.leftKeys : options.rightKeys),
      timeAt: (index === 0 ? options.leftTime : options.rightTime) + FIELD_OFFSET,
      expiredUntil: MIN_TIMESTAMP,
    });
    this.sides = [side("left", 0), side("right", 1)];
    this.delayMs = Math.max(0, -options.lowerMs, options.upperMs);
  }

  override open(): void {
    if (this.options.condition !== null) this.matches = compilePredicate(this.options.condition, this.evalContext);
  }

  protected override get watermarkDelayMs(): number {
    return this.delayMs;
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
    const key = own.key(row);
    const from = time - other.reachMs;
    const to = time + own.reachMs;
    let matched = false;
    if (other.expiredUntil < to && !own.nullKey(row)) {
      other.expiredUntil = this.expiration(other);
      const cache = other.rows.get(0, key) ?? [];
      for (const candidate of cache) {
        if (candidate.time < from || candidate.time > to) continue;
        const pair = index === 0 ? joined(row, candidate.row, INSERT) : joined(candidate.row, row, INSERT);
        if (this.matches !== null && !this.matches(pair)) continue;
        matched = true;
        candidate.matched = true;
        this.emit(pair);
      }
      this.expire(other, index === 0 ? 1 : 0, key, cache);
    }
    if (this.currentWatermark < to) {
      own.rows.set(0, key, [...(own.rows.get(0, key) ?? []), { row, time, matched }]);
      if (own.timers.get(0, key) === undefined) own.timers.set(0, key, this.cleanupTime(own, time));
    } else if (!matched && own.outer) {
      this.emitPadded(row, index);
    }
  }

  private expiration(side: Side): number {
    return this.currentWatermark === MAX_TIMESTAMP ? MAX_TIMESTAMP : this.currentWatermark - side.reachMs - 1;
  }

  private cleanupTime(side: Side, time: number): number {
    return time + side.reachMs + 1;
  }

  /** Drops what no partner can match any more, padding outer rows. Gives the oldest row that stays. */
  private expire(side: Side, index: 0 | 1, key: StateKey, cache: readonly Cached[]): number | null {
    const kept: Cached[] = [];
    for (const cached of cache) {
      if (cached.time > side.expiredUntil) kept.push(cached);
      else if (!cached.matched && side.outer) this.emitPadded(cached.row, index);
    }
    if (kept.length === cache.length && kept.length > 0) return Math.min(...kept.map((cached) => cached.time));
    if (kept.length === 0) side.rows.delete(0, key);
    else side.rows.set(0, key, kept);
    return kept.length === 0 ? null : Math.min(...kept.map((cached) => cached.time));
  }

  protected override onWatermark(timestampMs: number): void {
    const before = this.currentWatermark;
    this.currentWatermark = timestampMs;
    for (const index of [1, 0] as const) {
      const side = this.sides[index];
      const timers = side.timers.namespaces.get(0);
      if (timers === undefined) continue;
      const due = [...timers].filter(([, at]) => at <= timestampMs).sort((a, b) => a[1] - b[1]);
      for (const [key] of due) {
        side.expiredUntil = this.expiration(side);
        const oldest = this.expire(side, index, key, side.rows.get(0, key) ?? []);
        if (oldest === null) side.timers.delete(0, key);
        else side.timers.set(0, key, this.cleanupTime(side, oldest));
      }
    }
    this.currentWatermark = before;
  }

  private emitPadded(row: Row, index: 0 | 1): void {
    this.emit(index === 0 ? joined(row, nulls(this.options.rightWidth), INSERT) : joined(nulls(this.options.leftWidth), row, INSERT));
  }
}
