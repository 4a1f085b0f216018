/** The first rows that arrive. */
import type { Row } from "../../../types/row.ts";
import { GLOBAL_KEY } from "../key-of.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class LimitOperator extends OneInputSqlOperator {
  private readonly first: number;
  private readonly last: number;
  private readonly seen: KeyedStore<number>;

  constructor(session: SessionSettings, first: number, last: number) {
    super(session);
    this.first = first;
    this.last = last;
    this.seen = this.register(new KeyedStore<number>("limit"));
  }

  processRow(row: Row): void {
    const number = (this.seen.get(0, GLOBAL_KEY) ?? 0) + 1;
    if (number > this.last) return;
    this.seen.set(0, GLOBAL_KEY, number);
    if (number >= this.first) this.emit(row);
  }
}
