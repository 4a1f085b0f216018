/**
 * A table: rows with the versions that somebody may still see, and the lock on each row.
 *
 * A row is found by its primary key, or, in a table without one, by a number that only the database knows. Its versions are committed ones;
 * what a transaction has written but not committed is with the transaction. Whoever has written a row holds its lock until he ends.
 */
import { serializedSize } from "../../../types/value-codec.ts";
import type { ReplicaIdentity, Row, TableDescription } from "../database-description.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import { type Column, columnOf, storedValue } from "./column-type.ts";
import type { Transaction } from "./transaction.ts";

interface RowVersion {
  /** The version counts from this position of the log on. */
  readonly lsn: number;
  /** null = deleted. */
  readonly row: Row | null;
}

/** A place for a row, also of one that is no more or not yet. */
export class RowSlot {
  readonly id: string;
  lockedBy: Transaction | null = null;
  /** Committed versions, oldest first. */
  private versions: RowVersion[] = [];
  /** Times that a committed transaction has written it. */
  writes = 0;

  constructor(id: string) {
    this.id = id;
  }

  get latest(): Row | null {
    return this.versions.length === 0 ? null : this.versions[this.versions.length - 1].row;
  }

  /** When the latest version was written. */
  get latestLsn(): number {
    return this.versions.length === 0 ? 0 : this.versions[this.versions.length - 1].lsn;
  }

  /** The row as it was at this position of the log. */
  asOf(lsn: number): Row | null {
    return this.versions.findLast((version) => version.lsn <= lsn)?.row ?? null;
  }

  /** @param oldestSnapshotLsn nobody looks further back */
  addVersion(lsn: number, row: Row | null, oldestSnapshotLsn: number): void {
    this.versions.push({ lsn, row });
    const needed = this.versions.findLastIndex((version) => version.lsn <= oldestSnapshotLsn);
    if (needed > 0) this.versions.splice(0, needed);
    this.writes++;
  }

  /** Puts a row in without anybody having written it. */
  fill(row: Row): void {
    this.versions = [{ lsn: 0, row }];
  }
}

export class Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
  /** Empty when there is none. */
  readonly primaryKey: readonly string[];
  readonly replicaIdentity: ReplicaIdentity;
  readonly #byName: ReadonlyMap<string, Column>;
  readonly #slots = new Map<string, RowSlot>();
  #nextRowId = 1;

  /** @throws Error when the description contradicts itself */
  constructor(description: TableDescription) {
    const [first, second] = description.name.split(".");
    this.schema = second === undefined ? "public" : first;
    this.name = second ?? first;
    this.primaryKey = description.primaryKey ?? [];
    this.columns = Object.entries(description.columns).map(([name, declaration]) => {
      const column = columnOf(name, declaration);
      return this.primaryKey.includes(name) ? { ...column, notNull: true } : column;
    });
    this.#byName = new Map(this.columns.map((column) => [column.name, column]));
    for (const name of this.primaryKey) {
      if (!this.#byName.has(name)) throw new Error(`Table "${this.name}" has no column "${name}" for its primary key.`);
    }
    this.replicaIdentity = description.replicaIdentity ?? "default";
    for (const row of description.rows ?? []) {
      const stored = this.storedRow(row);
      const slot = this.slotFor(stored);
      if (slot.latest !== null) throw new Error(`Table "${this.name}" is given two rows with the key ${this.keyText(stored)}.`);
      slot.fill(stored);
    }
  }

  /** `public.orders`. */
  get qualifiedName(): string {
    return `${this.schema}.${this.name}`;
  }

  column(name: string): Column {
    const column = this.#byName.get(name);
    if (column !== undefined) return column;
    throw new PostgresError(SQLSTATE.undefinedColumn, `column "${name}" of relation "${this.name}" does not exist`, {
      hint: `Its columns are ${[...this.#byName.keys()].join(", ")}.`,
    });
  }

  /** All columns, those that are not given null, values as their columns store them. @throws PostgresError 42703, 23502, 22P02 */
  storedRow(row: Row): Row {
    for (const name of Object.keys(row)) this.column(name);
    const stored: Record<string, unknown> = {};
    for (const { name, type, notNull } of this.columns) {
      const value = storedValue(row[name], type);
      if (value === null && notNull) {
        throw new PostgresError(
          SQLSTATE.notNullViolation,
          `null value in column "${name}" of relation "${this.name}" violates not-null constraint`,
        );
      }
      stored[name] = value;
    }
    return stored;
  }

  /** The row's place; a new one where nobody has been. */
  slotFor(row: Row): RowSlot {
    const id = this.primaryKey.length === 0 ? `#${this.#nextRowId++}` : JSON.stringify(this.primaryKey.map((name) => row[name]));
    let slot = this.#slots.get(id);
    if (slot === undefined) {
      slot = new RowSlot(id);
      this.#slots.set(id, slot);
    }
    return slot;
  }

  /** The place of the row with these key columns; null when the columns are not just the key, or nobody has been there. */
  slotByKey(where: Row): RowSlot | null | undefined {
    const names = Object.keys(where);
    if (this.primaryKey.length === 0 || names.length !== this.primaryKey.length) return undefined;
    if (!this.primaryKey.every((name) => name in where)) return undefined;
    return this.#slots.get(JSON.stringify(this.primaryKey.map((name) => storedValue(where[name], this.column(name).type)))) ?? null;
  }

  allSlots(): Iterable<RowSlot> {
    return this.#slots.values();
  }

  /** Gives up a place in which no row ever was committed. */
  forgetIfEmpty(slot: RowSlot): void {
    if (slot.writes === 0 && slot.latest === null && slot.lockedBy === null) this.#slots.delete(slot.id);
  }

  /** `(id)=(5)`. */
  keyText(row: Row): string {
    return `(${this.primaryKey.join(", ")})=(${this.primaryKey.map((name) => String(row[name])).join(", ")})`;
  }

  /** Only the key columns; all others null, as in an old row under REPLICA IDENTITY DEFAULT. */
  keyOnly(row: Row): Row {
    return Object.fromEntries(this.columns.map(({ name }) => [name, this.primaryKey.includes(name) ? row[name] : null]));
  }

  sameKey(left: Row, right: Row): boolean {
    return this.primaryKey.every((name) => left[name] === right[name]);
  }

  /** Rows as they are committed now, by key where there is one. */
  committedRows(): Row[] {
    const rows: Row[] = [];
    for (const slot of this.#slots.values()) if (slot.latest !== null) rows.push(slot.latest);
    return this.primaryKey.length === 0 ? rows : rows.sort((left, right) => this.#compareKeys(left, right));
  }

  /** How often each of these rows, which are committed now, has been written. */
  writesOf(rows: readonly Row[]): number[] {
    const writes = new Map<Row, number>();
    for (const slot of this.#slots.values()) if (slot.latest !== null) writes.set(slot.latest, slot.writes);
    return rows.map((row) => writes.get(row) ?? 0);
  }

  #compareKeys(left: Row, right: Row): number {
    for (const name of this.primaryKey) {
      const order = compareValues(left[name], right[name]);
      if (order !== 0) return order;
    }
    return 0;
  }
}

/** Order of two values of one column: nulls last, as PostgreSQL sorts them. */
export function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return (left as number | string) < (right as number | string) ? -1 : 1;
}

/** Bytes that a row takes in the log. */
export function rowBytes(row: Row | null): number {
  return row === null ? 0 : serializedSize(row);
}
