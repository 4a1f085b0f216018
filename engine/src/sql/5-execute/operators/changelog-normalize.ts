/**
 * An upsert source as a full changelog: the last row per primary key is kept, so that -U and full -D rows can be given. With a condition only
 * rows that meet it are shown: a row that comes to meet it is new, one that ceases to is deleted.
 */
import type { ValueState } from "../../../state/state.ts";
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from "../../../types/row-kind.ts";
import { kindOf, type Row, rowDigest, withKind } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import { compilePredicate } from "../codegen/compile-expression.ts";
import { OneInputSqlOperator, type SessionSettings } from "./sql-operator.ts";

export class ChangelogNormalizeOperator extends OneInputSqlOperator {
  private readonly condition: Rex | null;
  private shows: ((row: Row) => boolean) | null = null;
  private last!: ValueState<Row>;

  constructor(session: SessionSettings, condition: Rex | null = null) {
    super(session);
    this.condition = condition;
  }

  override open(): void {
    this.last = this.valueState<Row>("deduplicate-state", this.session.stateTtlMs);
    if (this.condition !== null) this.shows = compilePredicate(this.condition, this.evalContext);
  }

  processRow(row: Row): void {
    const before = this.last.value();
    const kind = kindOf(row);
    const { shows } = this;
    if (kind === DELETE || kind === UPDATE_BEFORE) {
      if (before === null) return;
      this.last.clear();
      if (shows === null || shows(before)) this.emit(withKind(before, DELETE));
      return;
    }
    this.last.update(row);
    const wasShown = before !== null && (shows === null || shows(before));
    const isShown = shows === null || shows(row);
    if (before === null || !wasShown) {
      if (isShown) this.emit(withKind(row, INSERT));
    } else if (!isShown) {
      this.emit(withKind(before, DELETE));
    } else if (rowDigest(before) !== rowDigest(row)) {
      this.emit(withKind(before, UPDATE_BEFORE));
      this.emit(withKind(row, UPDATE_AFTER));
    }
  }
}
