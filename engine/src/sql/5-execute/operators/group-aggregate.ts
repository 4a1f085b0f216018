/**
 * Unbounded GROUP BY: keeps one accumulator per key and emits a changelog of the results (Flink: `GroupAggFunction`).
 *
 * +I for a new key, -U and +U when the result changes, -D when retractions leave no row. An unchanged result emits nothing, unless
 * a state TTL is set: then downstream state has to be kept alive.
 */
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import type { Accumulator, AggregateHandler } from "../aggregate-handler.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class GroupAggregateOperator extends OneInputSqlOperator {
  private readonly handler: AggregateHandler;
  private readonly keyPositions: readonly number[];
  private readonly ttlMs: number;
  private accumulators!: ValueState<Accumulator>;

  constructor(session: SessionSettings, keys: readonly number[], handler: AggregateHandler, ttlMs = session.stateTtlMs) {
    super(session);
    this.handler = handler;
    this.keyPositions = keys.map((field) => field + FIELD_OFFSET);
    this.ttlMs = ttlMs;
  }

  override open(): void {
    this.accumulators = this.valueState<Accumulator>("accState", this.ttlMs);
  }

  processRow(row: Row): void {
    const { handler } = this;
    const add = isAccumulate(kindOf(row));
    let accumulator = this.accumulators.value();
    const first = accumulator === null;
    if (accumulator === null) {
      if (!add) return;
      accumulator = handler.create();
    }
    const before = first ? null : this.result(accumulator, row);
    if (add) handler.add(accumulator, row);
    else handler.retract(accumulator, row);
    if (handler.rows(accumulator) > 0) {
      if (first || this.writesBack || this.ttlMs > 0) this.accumulators.update(accumulator);
      const after = this.result(accumulator, row);
      if (before === null) {
        this.emit(withKind(after, INSERT));
      } else if (this.ttlMs > 0 || rowDigest(before) !== rowDigest(after)) {
        this.emit(withKind(before, UPDATE_BEFORE));
        this.emit(withKind(after, UPDATE_AFTER));
      }
      return;
    }
    if (before !== null) this.emit(withKind(before, DELETE));
    this.accumulators.clear();
  }

  private result(accumulator: Accumulator, row: Row): Row {
    const made: Row = [INSERT];
    for (const at of this.keyPositions) made.push(row[at]);
    this.handler.results(accumulator, made);
    return made;
  }
}
