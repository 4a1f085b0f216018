/** What a row does to the table it describes. */
import { type RowKind as RowKindNumber, rowKindString } from "../../types/row-kind.ts";

/**
 * The kind of change that a `Row` stands for. There are four, each one object: compare with `===`.
 * (Flink: docs/dev/table/concepts/dynamic_tables)
 */
export class RowKind {
  /** `+I`: a new row. */
  static readonly INSERT = new RowKind("INSERT", 0);
  /** `-U`: the row as it was before an update. Comes right before its `+U`. */
  static readonly UPDATE_BEFORE = new RowKind("UPDATE_BEFORE", 1);
  /** `+U`: the row as it is after an update. */
  static readonly UPDATE_AFTER = new RowKind("UPDATE_AFTER", 2);
  /** `-D`: the row is gone. */
  static readonly DELETE = new RowKind("DELETE", 3);

  private readonly name: string;
  private readonly value: RowKindNumber;

  private constructor(name: string, value: RowKindNumber) {
    this.name = name;
    this.value = value;
  }

  /** The kind with this number: 0 INSERT, 1 UPDATE_BEFORE, 2 UPDATE_AFTER, 3 DELETE. */
  static fromByteValue(value: number): RowKind {
    return [RowKind.INSERT, RowKind.UPDATE_BEFORE, RowKind.UPDATE_AFTER, RowKind.DELETE][value];
  }

  /** Its number, see `fromByteValue`. */
  toByteValue(): RowKindNumber {
    return this.value;
  }

  /** `+I`, `-U`, `+U` or `-D`. */
  shortString(): string {
    return rowKindString(this.value);
  }

  toString(): string {
    return this.name;
  }
}
