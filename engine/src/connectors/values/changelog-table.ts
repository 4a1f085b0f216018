/** A table as the changes to it leave it. */
import { INSERT, isAccumulate, UPDATE_AFTER } from "../../types/row-kind.ts";
import { fieldsOf, kindOf, type Row, rowDigest, valueDigest } from "../../types/row.ts";

interface Entry {
  fields: readonly unknown[];
  count: number;
}

/**
 * Without a key, rows are told apart by all their fields: -U and -D take one of them away. The order in which changes of different subtasks come does not
 * matter, so a row may be taken away before it is there. With a key, +I and +U put the row of that key and -D takes it away.
 */
export class ChangelogTable {
  private readonly entries = new Map<string, Entry>();
  private readonly key: readonly number[];

  /** @param key positions of the fields that identify a row; none = the whole row */
  constructor(key: readonly number[]) {
    this.key = key;
  }

  apply(row: Row): void {
    if (this.key.length > 0) this.put(row);
    else this.count(row);
  }

  private put(row: Row): void {
    const digest = this.key.map((field) => valueDigest(row[field + 1])).join(",");
    const kind = kindOf(row);
    if (kind === INSERT || kind === UPDATE_AFTER) this.entries.set(digest, { fields: fieldsOf(row), count: 1 });
    else this.entries.delete(digest);
  }

  private count(row: Row): void {
    const digest = rowDigest(row);
    const change = isAccumulate(kindOf(row)) ? 1 : -1;
    const entry = this.entries.get(digest);
    if (entry === undefined) this.entries.set(digest, { fields: fieldsOf(row), count: change });
    else if (entry.count + change === 0) this.entries.delete(digest);
    else entry.count += change;
  }

  /** Each row as often as it is there, in the order in which they came. */
  rows(): (readonly unknown[])[] {
    return [...this.entries.values()].flatMap(({ fields, count }) => Array.from({ length: Math.max(count, 0) }, () => fields));
  }
}
