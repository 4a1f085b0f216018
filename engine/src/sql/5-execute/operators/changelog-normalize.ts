/** An upsert source as a full changelog: the last row per primary key is kept, so that -U and full -D rows can be given. */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import type { ValueState } from "../../../state/state.ts";
import { OneInputSqlOperator } from "./sql-operator.ts";

export class ChangelogNormalizeOperator extends OneInputSqlOperator {
  private last!: ValueState<Row>;

  override open(): void {
    this.last = this.valueState<Row>("deduplicate-state", this.session.stateTtlMs);
  }

  processRow(row: Row): void {
    const before = this.last.value();
    const kind = kindOf(row);
    if (kind === DELETE || kind === UPDATE_BEFORE) {
      if (before === null) return;
      this.last.clear();
      this.emit(withKind(before, DELETE));
      return;
    }
    this.last.update(row);
    if (before === null) {
      this.emit(withKind(row, INSERT));
    } else if (rowDigest(before) !== rowDigest(row)) {
      this.emit(withKind(before, UPDATE_BEFORE));
      this.emit(withKind(row, UPDATE_AFTER));
    }
  }
}
