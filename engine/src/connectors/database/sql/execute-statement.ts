/**
 * Runs a statement inside a transaction. It first finds and locks every row that it will write, and only then writes, so that one that has
 * to wait for a lock has changed nothing and can be run again.
 */
import type { Row } from "../database-description.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import { storedValue } from "../storage/column-type.ts";
import type { RowSlot, Table } from "../storage/table.ts";
import { rowBytes } from "../storage/table.ts";
import type { Transaction } from "../storage/transaction.ts";
import type { Wal } from "../storage/wal.ts";
import { columnsOf, evaluate } from "./evaluate.ts";
import type { Assignment, DeleteStatement, Expression, InsertStatement, Statement, UpdateStatement } from "./statement.ts";

/** Where statements run. */
export interface StatementHost {
  readonly wal: Wal;
  /** Some publication has the table: old rows must be identifiable. */
  isPublished(table: Table): boolean;
}

/** @returns rows written. @throws LockWait, PostgresError */
export function executeStatement(
  host: StatementHost,
  transaction: Transaction,
  table: Table,
  statement: Statement,
  parameters: readonly unknown[],
): number {
  const execution = new StatementExecution(host, transaction, table, parameters);
  switch (statement.kind) {
    case "insert":
      return execution.insert(statement);
    case "update":
      return execution.update(statement);
    case "delete":
      return execution.delete(statement);
  }
}

/** Columns that the statement names exist, and its conflict target is a key. @throws PostgresError 42703, 42P10 */
export function checkStatement(table: Table, statement: Statement): void {
  const checkAll = (names: readonly string[]) => {
    for (const name of names) table.column(name);
  };
  const checkSet = (set: readonly Assignment[]) => {
    for (const { column, value } of set) checkAll([column, ...columnsOf(value)]);
  };
  if (statement.kind !== "insert") {
    if (statement.kind === "update") checkSet(statement.set);
    if (statement.where !== null) checkAll(columnsOf(statement.where));
    return;
  }
  checkAll(statement.columns);
  for (const row of statement.rows) {
    const width = statement.columns.length === 0 ? table.columns.length : statement.columns.length;
    if (row.length > width) throw new PostgresError(SQLSTATE.syntaxError, "INSERT has more expressions than target columns");
  }
  const { onConflict } = statement;
  if (onConflict === null) return;
  if (onConflict.target !== null) {
    checkAll(onConflict.target);
    if (!sameNames(onConflict.target, table.primaryKey)) {
      throw new PostgresError(
        SQLSTATE.invalidColumnReference,
        "there is no unique or exclusion constraint matching the ON CONFLICT specification",
        {
          hint:
            table.primaryKey.length === 0 ? `"${table.name}" has no primary key.` : `The primary key is (${table.primaryKey.join(", ")}).`,
        },
      );
    }
  }
  checkSet(onConflict.update?.set ?? []);
  if (onConflict.update?.where != null) checkAll(columnsOf(onConflict.update.where));
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}

class StatementExecution {
  private readonly host: StatementHost;
  private readonly transaction: Transaction;
  private readonly table: Table;
  private readonly parameters: readonly unknown[];

  constructor(host: StatementHost, transaction: Transaction, table: Table, parameters: readonly unknown[]) {
    this.host = host;
    this.transaction = transaction;
    this.table = table;
    this.parameters = parameters;
    checkParameters(parameters);
  }

  insert(statement: InsertStatement): number {
    const { table, transaction } = this;
    const columns = statement.columns.length === 0 ? table.columns.map(({ name }) => name) : statement.columns;
    const rows = statement.rows.map((values) => {
      const row: Record<string, unknown> = {};
      for (const [index, value] of values.entries()) row[columns[index]] = this.valueOf(value, null, null);
      return table.storedRow(row);
    });
    const slots = rows.map((row) => table.slotFor(row));
    for (const slot of slots) this.lockToInsert(slot, statement.onConflict?.update === null);
    let written = 0;
    for (const [index, row] of rows.entries()) {
      const slot = slots[index];
      const existing = transaction.visible(slot);
      if (existing === null) {
        this.write("insert", slot, null, row);
        written++;
      } else written += this.conflict(statement, slot, existing, row);
    }
    return written;
  }

  /** DO NOTHING does nothing about a row that is there already, whoever has locked it. */
  private lockToInsert(slot: RowSlot, doNothing: boolean): void {
    if (doNothing && this.transaction.visible(slot) !== null) return;
    this.transaction.lock(this.table, slot);
  }

  private conflict(statement: InsertStatement, slot: RowSlot, existing: Row, row: Row): number {
    const { onConflict } = statement;
    if (onConflict === null) {
      throw new PostgresError(SQLSTATE.uniqueViolation, `duplicate key value violates unique constraint "${this.table.name}_pkey"`, {
        detail: `Key ${this.table.keyText(row)} already exists.`,
      });
    }
    const { update } = onConflict;
    if (update === null) return 0;
    if (update.where !== null && this.valueOf(update.where, existing, row) !== true) return 0;
    this.write("update", slot, existing, this.assigned(update.set, existing, row));
    return 1;
  }

  update({ set, where }: UpdateStatement): number {
    const { transaction, table } = this;
    const matching = this.matching(where);
    const changes = matching.map(([slot, before]) => {
      const after = this.assigned(set, before, null);
      const target = table.primaryKey.length === 0 || table.sameKey(before, after) ? slot : table.slotFor(after);
      return { slot, before, after, target };
    });
    for (const { slot, target } of changes) {
      transaction.lock(table, slot);
      if (target !== slot) transaction.lock(table, target);
    }
    for (const { slot, before, after, target } of changes) {
      if (target !== slot && transaction.visible(target) !== null) {
        throw new PostgresError(SQLSTATE.uniqueViolation, `duplicate key value violates unique constraint "${table.name}_pkey"`, {
          detail: `Key ${table.keyText(after)} already exists.`,
        });
      }
      if (target !== slot) transaction.write(slot, null);
      this.write("update", target, before, after);
    }
    return changes.length;
  }

  delete({ where }: DeleteStatement): number {
    const matching = this.matching(where);
    for (const [slot] of matching) this.transaction.lock(this.table, slot);
    for (const [slot, before] of matching) this.write("delete", slot, before, null);
    return matching.length;
  }

  /** Rows that the condition is true of, as the transaction sees them. */
  private matching(where: Expression | null): (readonly [RowSlot, Row])[] {
    const { transaction, table } = this;
    const known = where === null ? undefined : this.slotNamedBy(where);
    const slots = known === undefined ? table.allSlots() : known === null ? [] : [known];
    const found: (readonly [RowSlot, Row])[] = [];
    for (const slot of slots) {
      const row = transaction.visible(slot);
      if (row !== null && (where === null || this.valueOf(where, row, null) === true)) found.push([slot, row]);
    }
    return found;
  }

  /** The one row with the key that the condition asks for; undefined when it is no question for a key, null when there is none. */
  private slotNamedBy(where: Expression): RowSlot | null | undefined {
    const key: Record<string, unknown> = {};
    const collect = (expression: Expression): boolean => {
      if (expression.kind !== "binary") return false;
      if (expression.operator === "and") return collect(expression.left) && collect(expression.right);
      if (expression.operator !== "=" || expression.left.kind !== "column" || columnsOf(expression.right).length > 0) return false;
      if (!this.table.primaryKey.includes(expression.left.name)) return true;
      key[expression.left.name] = this.valueOf(expression.right, null, null);
      return true;
    };
    return collect(where) ? this.table.slotByKey(key) : undefined;
  }

  private assigned(set: readonly Assignment[], row: Row, excluded: Row | null): Row {
    const changed: Record<string, unknown> = { ...row };
    for (const { column, value } of set) {
      const { type } = this.table.column(column);
      changed[column] = storedValue(this.valueOf(value, row, excluded), type);
    }
    return this.table.storedRow(changed);
  }

  private valueOf(expression: Expression, row: Row | null, excluded: Row | null): unknown {
    return evaluate(expression, { parameters: this.parameters, row, excluded });
  }

  private write(op: "insert" | "update" | "delete", slot: RowSlot, before: Row | null, after: Row | null): void {
    const { host, table, transaction } = this;
    if (op !== "insert") this.requireReplicaIdentity(op);
    transaction.write(slot, after);
    const oldBytes =
      before === null ? 0 : table.replicaIdentity === "full" ? rowBytes(before) : op === "delete" ? rowBytes(table.keyOnly(before)) : 0;
    const lsn = host.wal.append(rowBytes(after) + oldBytes);
    transaction.firstLsn ??= lsn;
    transaction.changes.push({ table, op, before, after, lsn });
  }

  private requireReplicaIdentity(op: "update" | "delete"): void {
    const { table } = this;
    const identifiable = table.replicaIdentity === "full" || (table.replicaIdentity === "default" && table.primaryKey.length > 0);
    if (identifiable || !this.host.isPublished(table)) return;
    const [doing, does] = op === "update" ? ["updating", "updates"] : ["deleting from", "deletes"];
    throw new PostgresError(
      SQLSTATE.notInPrerequisiteState,
      `cannot ${op === "update" ? "update" : "delete from"} table "${table.name}" because it does not have a replica identity and publishes ${does}`,
      { hint: `To enable ${doing} the table, set REPLICA IDENTITY using ALTER TABLE.` },
    );
  }
}

function checkParameters(parameters: readonly unknown[]): void {
  for (let index = 0; index < parameters.length; index++) {
    if (!(index in parameters)) throw new PostgresError("07001", `No value specified for parameter ${index + 1}.`);
  }
}
