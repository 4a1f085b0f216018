/** The first rows that arrive. */
import type { ValueState } from "../../../state/state.ts";
import type { Row } from "../../../types/row.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class LimitOperator extends OneInputSqlOperator {
  private readonly first: number;
  private readonly last: number;
  private seen!: ValueState<number>;

  constructor(session: SessionSettings, first: number, last: number) {
    super(session);
    this.first = first;
    this.last = last;
  }

  override open(): void {
    this.seen = this.valueState<number>("limit");
  }

  processRow(row: Row): void {
    const number = (this.seen.value() ?? 0) + 1;
    if (number > this.last) return;
    this.seen.update(number);
    if (number >= this.first) this.emit(row);
  }
}
