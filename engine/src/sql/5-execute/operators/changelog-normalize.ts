/** An upsert source as a full changelog: the last row per primary key is kept, so that -U and full -D rows can be given. */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import { keyOf, type RowKey } from "../key-of.ts";
import { KeyedStore } from "../state/keyed-store.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class ChangelogNormalizeOperator extends OneInputSqlOperator {
  private readonly key: RowKey;
  private readonly rows: KeyedStore<Row>;

  constructor(session: SessionSettings, keys: readonly number[]) {
    super(session);
    this.key = keyOf(keys);
    this.rows = this.register(new KeyedStore<Row>("deduplicate-state"));
  }

  processRow(row: Row): void {
    const key = this.key(row);
    const before = this.rows.get(0, key);
    const kind = kindOf(row);
    if (kind === DELETE || kind === UPDATE_BEFORE) {
      if (before === undefined) return;
      this.rows.delete(0, key);
      this.emit(withKind(before, DELETE));
      return;
    }
    this.rows.set(0, key, row);
    if (before === undefined) {
      this.emit(withKind(row, INSERT));
    } else if (rowDigest(before) !== rowDigest(row)) {
      this.emit(withKind(before, UPDATE_BEFORE));
      this.emit(withKind(row, UPDATE_AFTER));
    }
  }
}
