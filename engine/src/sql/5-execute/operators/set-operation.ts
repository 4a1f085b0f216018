/** INTERSECT and EXCEPT: counts equal rows on both sides and emits how often the result holds them. The row is the key. */
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, isAccumulate } from "../../../types/row-kind.ts";
import { kindOf, type Row, withKind } from "../../../types/row.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

type Counts = [left: number, right: number];

export class SetOperationOperator extends TwoInputSqlOperator {
  private readonly kind: "intersect" | "except";
  private readonly all: boolean;
  private counts!: ValueState<Counts>;

  constructor(session: SessionSettings, kind: "intersect" | "except", all: boolean) {
    super(session);
    this.kind = kind;
    this.all = all;
  }

  override open(): void {
    this.counts = this.valueState<Counts>("set-counts", this.session.stateTtlMs);
  }

  processLeft(row: Row): void {
    this.change(row, 0);
  }

  processRight(row: Row): void {
    this.change(row, 1);
  }

  private change(row: Row, side: 0 | 1): void {
    const counts: Counts = this.counts.value() ?? [0, 0];
    const before = this.resultCount(counts);
    counts[side] += isAccumulate(kindOf(row)) ? 1 : -1;
    const after = this.resultCount(counts);
    if (counts[0] === 0 && counts[1] === 0) this.counts.clear();
    else this.counts.update(counts);
    for (let i = before; i < after; i++) this.emit(withKind(row, INSERT));
    for (let i = after; i < before; i++) this.emit(withKind(row, DELETE));
  }

  private resultCount([left, right]: Readonly<Counts>): number {
    if (this.kind === "intersect") return this.all ? Math.max(0, Math.min(left, right)) : left > 0 && right > 0 ? 1 : 0;
    return this.all ? Math.max(0, left - right) : left > 0 && right <= 0 ? 1 : 0;
  }
}
