/**
 * Join with the version of a time (Flink: `TemporalRowTimeJoinOperator`): FOR SYSTEM_TIME AS OF the left row's event time.
 *
 * Versions of the right side are kept by the time from which on they are valid; a deletion is a version that joins with nothing. Left rows wait until
 * the watermark has passed their time, since only then all versions that could be valid for them are known. They are not late, whenever they come: a row
 * behind the watermark is joined at the next one, with the versions that are still kept, which are the one valid at the watermark and all later ones.
 *
 *   right: rate 10 from 09:00, rate 12 from 10:00; watermark 10:30 → rate 10 is forgotten; a left row of 09:30 that comes now finds nothing.
 */
import type { InternalTimerService } from "../../../flow/internal-timer-service.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { VOID_NAMESPACE } from "../../../state/namespace.ts";
import type { ValueState } from "../../../state/state.ts";
import { INSERT, isAccumulate } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { nulls, type PairMaker, pairMaker } from "../codegen/row-makers.ts";
import type { JoinOptions } from "./regular-join.ts";
import { RetentionTimer } from "./retention-timer.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

export interface TemporalJoinOptions extends Omit<JoinOptions, "leftKeys" | "rightKeys"> {
  readonly type: "inner" | "left";
  readonly leftTime: number;
  readonly rightTime: number;
}

export class TemporalJoinOperator extends TwoInputSqlOperator {
  private readonly options: TemporalJoinOptions;
  private readonly pair: PairMaker;
  private readonly leftAt: number;
  private readonly rightAt: number;
  private readonly padding: Row;
  private readonly retention: RetentionTimer;
  private matches: ((row: Row) => boolean) | null = null;
  private timers!: InternalTimerService;
  /** In the order in which they came. */
  private waiting!: ValueState<Row[]>;
  /** By time, oldest first. */
  private versions!: ValueState<Row[]>;
  /** The one timer of the key. */
  private registered!: ValueState<number>;

  constructor(session: SessionSettings, options: TemporalJoinOptions) {
    super(session);
    this.options = options;
    this.pair = pairMaker(options.leftWidth, options.rightWidth);
    this.leftAt = options.leftTime + FIELD_OFFSET;
    this.rightAt = options.rightTime + FIELD_OFFSET;
    this.padding = nulls(options.rightWidth);
    this.retention = new RetentionTimer(session.stateTtlMs);
  }

  override open(): void {
    if (this.options.condition !== null) this.matches = compilePredicate(this.options.condition, this.evalContext);
    this.waiting = this.valueState<Row[]>("left");
    this.versions = this.valueState<Row[]>("right");
    this.registered = this.valueState<number>("timer");
    this.timers = this.timerService();
    if (this.retention.enabled) this.retention.open(this.timers, this.valueState<number>("cleanup-time"));
  }

  processLeft(row: Row): void {
    const waiting = this.waiting.value();
    if (waiting === null) this.waiting.update([row]);
    else {
      waiting.push(row);
      this.waiting.update(waiting);
    }
    this.wakeAt(row[this.leftAt] as number);
    this.retention.postpone(this.context.processingTime.currentMs());
  }

  processRight(row: Row): void {
    const time = row[this.rightAt] as number;
    const versions = this.versions.value() ?? [];
    const at = this.firstAfter(versions, time);
    if (at > 0 && versions[at - 1][this.rightAt] === time) versions[at - 1] = row;
    else if (at === versions.length) versions.push(row);
    else versions.splice(at, 0, row);
    this.versions.update(versions);
    this.wakeAt(time);
    this.retention.postpone(this.context.processingTime.currentMs());
  }

  private wakeAt(timeMs: number): void {
    const registered = this.registered.value();
    if (registered !== null) {
      if (registered <= timeMs) return;
      this.timers.deleteEventTimeTimer(VOID_NAMESPACE, registered);
    }
    this.registered.update(timeMs);
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, timeMs);
  }

  override onEventTime(_timer: InternalTimer): void {
    this.registered.clear();
    const versions = this.versions.value();
    const nextMs = this.joinDue(versions ?? []);
    if (versions !== null) this.forgetOld(versions);
    if (nextMs !== Number.POSITIVE_INFINITY) this.wakeAt(nextMs);
    // What is kept needs a watchman, else nothing.
    if (!this.retention.enabled) return;
    if (nextMs !== Number.POSITIVE_INFINITY || versions !== null) this.retention.postpone(this.context.processingTime.currentMs());
    else this.retention.cancel();
  }

  override onProcessingTime({ timestampMs }: InternalTimer): void {
    if (!this.retention.isDue(timestampMs)) return;
    this.waiting.clear();
    this.versions.clear();
    const registered = this.registered.value();
    if (registered !== null) this.timers.deleteEventTimeTimer(VOID_NAMESPACE, registered);
    this.registered.clear();
  }

  /** Joins the rows whose time the watermark has passed. Returns the time of the first of the others. */
  private joinDue(versions: readonly Row[]): number {
    const waiting = this.waiting.value();
    let nextMs = Number.POSITIVE_INFINITY;
    if (waiting === null) return nextMs;
    const rest: Row[] = [];
    for (const row of waiting) {
      const time = row[this.leftAt] as number;
      if (time <= this.currentWatermark) {
        this.emitJoined(row, versions[this.firstAfter(versions, time) - 1]);
        continue;
      }
      rest.push(row);
      if (time < nextMs) nextMs = time;
    }
    if (rest.length === 0) this.waiting.clear();
    else if (rest.length < waiting.length) this.waiting.update(rest);
    return nextMs;
  }

  private emitJoined(row: Row, version: Row | undefined): void {
    if (version !== undefined && isAccumulate(kindOf(version))) {
      if (this.matches === null || this.matches(this.pair(row, version, INSERT))) {
        this.emit(this.pair(row, version, kindOf(row)));
        return;
      }
    }
    if (this.options.type === "left") this.emit(this.pair(row, this.padding, kindOf(row)));
  }

  /** The version that is valid at the watermark, and what comes after it, stays. */
  private forgetOld(versions: readonly Row[]): void {
    const kept = this.firstAfter(versions, this.currentWatermark) - 1;
    if (kept > 0) this.versions.update(versions.slice(kept));
  }

  /** Number of the first version that is newer. */
  private firstAfter(versions: readonly Row[], timeMs: number): number {
    let low = 0;
    let high = versions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((versions[middle][this.rightAt] as number) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
