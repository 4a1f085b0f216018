/**
 * Unbounded GROUP BY: keeps one accumulator per key and emits a changelog of the results (Flink: `GroupAggFunction`).
 *
 * +I for a new key, -U and +U when the result changes, -D when retractions leave no row. An unchanged result emits nothing, unless
 * a state TTL is set: then downstream state has to be kept alive.
 */
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import type { Accumulator, AggregateHandler, ResultRow } from "../aggregate-handler.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export interface GroupAggregateOptions {
  readonly keys: readonly number[];
  readonly handler: AggregateHandler;
  /** How long an accumulator lives after its last change; 0 = for ever. */
  readonly ttlMs: number;
  /** Updates come with what they replace. */
  readonly updateBefore: boolean;
}

export class GroupAggregateOperator extends OneInputSqlOperator {
  private readonly handler: AggregateHandler;
  private readonly resultRow: ResultRow;
  private readonly firstResult: number;
  private readonly ttlMs: number;
  private readonly updateBefore: boolean;
  private accumulators!: ValueState<Accumulator>;

  constructor(session: SessionSettings, { keys, handler, ttlMs, updateBefore }: GroupAggregateOptions) {
    super(session);
    this.handler = handler;
    this.resultRow = handler.resultRow(keys.map((field) => field + FIELD_OFFSET));
    this.firstResult = keys.length + FIELD_OFFSET;
    this.ttlMs = ttlMs;
    this.updateBefore = updateBefore;
  }

  override open(): void {
    this.handler.open(this.evalContext);
    this.accumulators = this.valueState<Accumulator>("accState", this.ttlMs);
  }

  processRow(row: Row): void {
    const { handler, accumulators } = this;
    const add = isAccumulate(kindOf(row));
    const accumulator = accumulators.value();
    if (accumulator === null) {
      if (add) this.openGroup(row);
      return;
    }
    const before = this.resultRow(UPDATE_BEFORE, row, accumulator);
    if (add) handler.add(accumulator, row);
    else handler.retract(accumulator, row);
    if (handler.rows(accumulator) > 0) {
      if (this.writesBack || this.ttlMs > 0) accumulators.update(accumulator);
      const after = this.resultRow(UPDATE_AFTER, row, accumulator);
      if (this.ttlMs === 0 && handler.sameResults(before, after, this.firstResult)) return;
      if (this.updateBefore) this.emit(before);
      this.emit(after);
      return;
    }
    accumulators.clear();
    before[0] = DELETE;
    this.emit(before);
  }

  private openGroup(row: Row): void {
    const accumulator = this.handler.create();
    this.handler.add(accumulator, row);
    this.accumulators.update(accumulator);
    this.emit(this.resultRow(INSERT, row, accumulator));
  }
}
