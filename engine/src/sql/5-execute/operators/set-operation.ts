/** INTERSECT and EXCEPT: counts equal rows on both sides and emits how often the result holds them. */
import { DELETE, INSERT, isAccumulate } from "../../../types/row-kind.ts";
import { kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { type SessionSettings, TwoInputSqlOperator } from "./sql-operator.ts";

export class SetOperationOperator extends TwoInputSqlOperator {
  private readonly kind: "intersect" | "except";
  private readonly all: boolean;
  private readonly counts: KeyedStore<[left: number, right: number]>;

  constructor(session: SessionSettings, kind: "intersect" | "except", all: boolean) {
    super(session);
    this.kind = kind;
    this.all = all;
    this.counts = this.register(new KeyedStore<[number, number]>("set-counts"));
  }

  processLeft(row: Row): void {
    this.change(row, 0);
  }

  processRight(row: Row): void {
    this.change(row, 1);
  }

  private change(row: Row, side: 0 | 1): void {
    const key = rowDigest(row);
    const counts = this.counts.get(0, key) ?? [0, 0];
    const before = this.resultCount(counts);
    counts[side] += isAccumulate(kindOf(row)) ? 1 : -1;
    const after = this.resultCount(counts);
    if (counts[0] === 0 && counts[1] === 0) this.counts.delete(0, key);
    else this.counts.set(0, key, counts);
    for (let i = before; i < after; i++) this.emit(withKind(row, INSERT));
    for (let i = after; i < before; i++) this.emit(withKind(row, DELETE));
  }

  private resultCount([left, right]: readonly [number, number]): number {
    if (this.kind === "intersect") return this.all ? Math.max(0, Math.min(left, right)) : left > 0 && right > 0 ? 1 : 0;
    return this.all ? Math.max(0, left - right) : left > 0 && right <= 0 ? 1 : 0;
  }
}
