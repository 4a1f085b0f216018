/**
 * GROUP BY over batches: one read, one write and at most one change of the result per key and batch, over rows (Flink:
 * `MiniBatchGroupAggFunction`) or over what the first half of the aggregation has made of them (`MiniBatchGlobalGroupAggFunction`).
 */
import type { MapKey } from "../../../../base/canonical-key.ts";
import type { ValueState } from "../../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, UPDATE_AFTER, UPDATE_BEFORE } from "../../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../../types/row.ts";
import type { Accumulator, AggregateHandler, ResultRow } from "../../aggregate-handler.ts";
import type { GroupAggregateOptions } from "../group-aggregate.ts";
import type { SessionSettings } from "../sql-operator.ts";
import { BundleOperator, type KeyHash } from "./bundle-operator.ts";

abstract class BundledGroupAggregateOperator<B> extends BundleOperator<MapKey, B> {
  protected readonly handler: AggregateHandler;
  private readonly resultRow: ResultRow;
  private readonly firstResult: number;
  private readonly ttlMs: number;
  private readonly updateBefore: boolean;
  private accumulators!: ValueState<Accumulator>;

  constructor(session: SessionSettings, { keys, handler, ttlMs, updateBefore }: GroupAggregateOptions, maxRows: number, keyHash: KeyHash) {
    super(session, maxRows, keyHash);
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

  protected bundleKeyOf(): MapKey {
    return this.currentMapKey();
  }

  /** Brings the key's accumulator up to date; `row` is any row of the key. */
  protected change(row: Row, apply: (accumulator: Accumulator) => void): void {
    const { handler } = this;
    this.useKeyOf(row);
    const present = this.accumulators.value();
    const accumulator = present ?? handler.create();
    const before = present === null ? null : this.resultRow(UPDATE_BEFORE, row, accumulator);
    apply(accumulator);
    if (handler.rows(accumulator) <= 0) {
      if (before === null) return;
      this.accumulators.clear();
      before[0] = DELETE;
      this.emit(before);
      return;
    }
    this.accumulators.update(accumulator);
    const after = this.resultRow(before === null ? INSERT : UPDATE_AFTER, row, accumulator);
    if (before !== null) {
      if (this.ttlMs === 0 && handler.sameResults(before, after, this.firstResult)) return;
      if (this.updateBefore) this.emit(before);
    }
    this.emit(after);
  }
}

/** Over rows. */
export class MiniBatchGroupAggregateOperator extends BundledGroupAggregateOperator<Row[]> {
  protected addToBundle(before: Row[] | undefined, row: Row): Row[] {
    if (before === undefined) return [row];
    before.push(row);
    return before;
  }

  protected rowOf(rows: Row[]): Row {
    return rows[0];
  }

  protected finishKey(rows: Row[]): void {
    const { handler } = this;
    this.change(rows[0], (accumulator) => {
      for (const row of rows) {
        if (isAccumulate(kindOf(row))) handler.add(accumulator, row);
        // What was never there cannot be taken back: its key has expired.
        else if (handler.rows(accumulator) > 0) handler.retract(accumulator, row);
      }
    });
  }
}

interface Gathered {
  readonly row: Row;
  readonly accumulator: Accumulator;
}

/** Over rows of keys and accumulator (local-group-aggregate.ts). */
export class GlobalGroupAggregateOperator extends BundledGroupAggregateOperator<Gathered> {
  protected addToBundle(before: Gathered | undefined, row: Row): Gathered {
    const gathered = before ?? { row, accumulator: this.handler.create() };
    this.handler.merge(gathered.accumulator, row[row.length - 1] as Accumulator);
    return gathered;
  }

  protected rowOf({ row }: Gathered): Row {
    return row;
  }

  protected finishKey({ row, accumulator }: Gathered): void {
    this.change(row, (present) => this.handler.merge(present, accumulator));
  }
}
