/**
 * OVER ordered by a column that is no time attribute (Flink: `NonTimeRowsUnboundedPrecedingFunction`, `NonTimeRangeUnboundedPrecedingFunction`). A row may
 * come, or go, anywhere in the order, so the results of all rows behind it change: the input may be a changelog, and the output is one.
 *
 *   ORDER BY v, SUM(v):  5 → +I 5;  then 1 → +I 1, -U 5, +U 6
 *
 * The rows of a key are one value, in order, with the results they were last given: a change costs as much as there are rows behind it anyway. Rows that
 * are equal in the order stay as they came.
 */
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate, type RowKind, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { kindOf, type Row, sameFields, withKind } from "../../../types/row.ts";
import type { SortKey } from "../../2-analyze/rel.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { AggregateHandler } from "../aggregate-handler.ts";
import type { OverAggregates, OverOutput } from "./over-aggregate.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";
import { rowOrder } from "./row-order.ts";

export interface OverByValueOptions {
  readonly order: readonly SortKey[];
  /** RANGE: rows equal in the order share their result. */
  readonly unit: "ROWS" | "RANGE";
  readonly aggregates: OverAggregates;
  readonly outputs: readonly OverOutput[];
  /** Why the first row fails, as in Flink; null = it does not. */
  readonly fails: string | null;
}

interface OverRows {
  readonly rows: Row[];
  /** Per row: the kind's place, then what was appended to it. */
  results: Row[];
}

export class OverByValueOperator extends OneInputSqlOperator {
  private readonly options: OverByValueOptions;
  private readonly handler: AggregateHandler;
  private readonly compare: (a: Row, b: Row) => number;
  private states!: ValueState<OverRows>;

  constructor(session: SessionSettings, options: OverByValueOptions) {
    super(session);
    this.options = options;
    const { calls, types, constants } = options.aggregates;
    this.handler = new AggregateHandler(calls, types, false, constants);
    this.compare = rowOrder(options.order);
  }

  override open(): void {
    this.handler.open(this.evalContext);
    this.states = this.valueState<OverRows>("sortedListState", this.session.stateTtlMs);
  }

  processRow(row: Row): void {
    if (this.options.fails !== null) throw new SqlRuntimeError("SQL_OVER_FUNCTION", this.options.fails);
    const state = this.states.value() ?? { rows: [], results: [] };
    if (isAccumulate(kindOf(row))) this.insert(row, state);
    else if (!this.remove(row, state)) return;
    if (state.rows.length === 0) this.states.clear();
    else this.states.update(state);
  }

  private insert(row: Row, state: OverRows): void {
    const { rows, results } = state;
    let at = rows.length;
    while (at > 0 && this.compare(row, rows[at - 1]) < 0) at--;
    rows.splice(at, 0, withKind(row, INSERT));
    state.results = this.compute(rows);
    for (let i = 0; i < at; i++) this.emitChange(rows[i], results[i], state.results[i]);
    this.emitWith(row, state.results[at], kindOf(row));
    for (let i = at + 1; i < rows.length; i++) this.emitChange(rows[i], results[i - 1], state.results[i]);
  }

  private remove(row: Row, state: OverRows): boolean {
    const { rows, results } = state;
    const at = rows.findIndex((candidate) => sameFields(candidate, row));
    if (at < 0) return false;
    rows.splice(at, 1);
    state.results = this.compute(rows);
    for (let i = 0; i < at; i++) this.emitChange(rows[i], results[i], state.results[i]);
    this.emitWith(row, results[at], DELETE);
    for (let i = at; i < rows.length; i++) this.emitChange(rows[i], results[i + 1], state.results[i]);
    return true;
  }

  private emitChange(row: Row, before: Row, after: Row): void {
    if (sameFields(before, after)) return;
    this.emitWith(row, before, UPDATE_BEFORE);
    this.emitWith(row, after, UPDATE_AFTER);
  }

  private emitWith(row: Row, result: Row, kind: RowKind): void {
    const full = withKind(row, kind);
    for (let i = 1; i < result.length; i++) full.push(result[i]);
    this.emit(full);
  }

  private compute(rows: readonly Row[]): Row[] {
    const { handler } = this;
    const accumulator = handler.create();
    const results: Row[] = [];
    for (let from = 0; from < rows.length; ) {
      let to = from + 1;
      if (this.options.unit === "RANGE") while (to < rows.length && this.compare(rows[from], rows[to]) === 0) to++;
      for (let i = from; i < to; i++) handler.add(accumulator, rows[i]);
      const aggregates: Row = [];
      handler.results(accumulator, aggregates);
      for (let i = from; i < to; i++) results.push(this.resultOf(i, aggregates));
      from = to;
    }
    return results;
  }

  private resultOf(at: number, aggregates: Row): Row {
    const result: Row = [INSERT];
    for (const output of this.options.outputs) {
      if (output.kind === "aggregate") result.push(aggregates[output.index]);
      else result.push(at + 1);
    }
    return result;
  }
}
