/**
 * A client's connection: one transaction at a time, statements with parameters, two-phase commit.
 *
 * Everything is answered at once; what it takes is charged to the client's time (`spendMs`). Nobody can wait inside a call here, so a
 * statement that meets a lock waits out `lock_timeout` and fails (55P03), or is told at once that waiting would be a deadlock (40P01). A client
 * that dies says nothing: the server notices when the next attempt of the same client connects, and rolls back what the old one left.
 */
import type { PostgresDatabase } from "../database.ts";
import type { Row, RowChange } from "../database-description.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import type { ParsedStatement } from "../sql/parse-statement.ts";
import { type Statement, statementOf } from "../sql/statement.ts";
import { type IsolationLevel, LockWait, type Transaction } from "../storage/transaction.ts";

/** How long PostgreSQL lets a statement wait before it looks for a deadlock. */
const DEADLOCK_TIMEOUT_MS = 1000;

/** Whose connection it is. */
export interface DatabaseClient {
  /** The same for every attempt of the same client; a new connection ends an older one. Absent = nobody else's. */
  readonly identity?: string;
  /** The client waits for so long. */
  readonly spendMs?: (durationMs: number) => void;
}

export class Connection {
  private readonly database: PostgresDatabase;
  private readonly client: DatabaseClient;
  private transaction: Transaction | null = null;
  private broken: PostgresError | null = null;
  /** Each statement is a transaction of its own, unless `begin` was called. */
  autoCommit = true;

  /** @internal Made by `PostgresDatabase.connect`. */
  constructor(database: PostgresDatabase, client: DatabaseClient) {
    this.database = database;
    this.client = client;
  }

  get identity(): string | undefined {
    return this.client.identity;
  }

  /** False when the connection is gone. */
  get valid(): boolean {
    return this.broken === null;
  }

  get inTransaction(): boolean {
    return this.transaction !== null;
  }

  /** Begins a transaction, unless there is one. Default READ COMMITTED. */
  begin(isolation?: IsolationLevel): void {
    this.requireOpen();
    this.transaction ??= this.database.transactions.begin(isolation);
  }

  /** As `execute`, with a change instead of a text. */
  change(change: RowChange): number {
    const { primaryKey } = this.database.tables.get(change.table);
    return this.run(statementOf(change, primaryKey), [[]]);
  }

  /** @returns rows written. @throws PostgresError */
  execute(parsed: ParsedStatement, parameters: readonly unknown[] = []): number {
    return this.run(parsed.statement, [parameters]);
  }

  /** The same statement with several sets of parameters, in one go and, outside a transaction, in one transaction. */
  executeBatch(parsed: ParsedStatement, batch: readonly (readonly unknown[])[]): number {
    return this.run(parsed.statement, batch);
  }

  private run(statement: Statement, batch: readonly (readonly unknown[])[]): number {
    this.requireOpen();
    const single = this.transaction === null;
    const transaction = this.transaction ?? this.database.transactions.begin();
    if (single && !this.autoCommit) this.transaction = transaction;
    if (transaction.failed) throw inFailedTransaction();
    try {
      let written = 0;
      for (const parameters of batch) written += this.database.run(transaction, statement, parameters);
      this.spend(this.database.costMs(batch.length));
      if (this.transaction === null) this.commitTransaction(transaction);
      return written;
    } catch (error) {
      throw this.failed(transaction, error, single && this.autoCommit);
    }
  }

  /** Rows of a table as this connection sees them. @throws PostgresError */
  select(table: string, matches: (row: Row) => boolean = () => true): Row[] {
    this.requireOpen();
    const rows = this.database.read(this.transaction, table).filter(matches);
    this.spend(this.database.costMs(rows.length));
    return rows;
  }

  /** SELECT … FOR UPDATE SKIP LOCKED of every table. @throws PostgresError */
  lockAllRows(): void {
    this.requireOpen();
    this.begin();
    if (this.transaction !== null) this.database.lockFreeRows(this.transaction);
  }

  /** The row with this primary key, as this connection sees it; null when there is none. @throws PostgresError */
  selectByKey(table: string, key: Row): Row | null {
    this.requireOpen();
    const row = this.database.readByKey(this.transaction, table, key);
    this.spend(this.database.costMs(1));
    return row;
  }

  /** @throws PostgresError 08006 when the answer got lost, although it may have been done */
  commit(): void {
    this.requireOpen();
    const transaction = this.takeTransaction();
    if (transaction === null) return;
    if (transaction.failed) {
      this.database.transactions.rollback(transaction);
      throw inFailedTransaction();
    }
    this.commitTransaction(transaction);
  }

  rollback(): void {
    this.requireOpen();
    const transaction = this.takeTransaction();
    if (transaction !== null) this.database.transactions.rollback(transaction);
  }

  /** Phase one: the transaction leaves this connection and has a name from now on. @throws PostgresError, the transaction then is rolled back */
  prepareTransaction(gid: string): void {
    this.requireOpen();
    const transaction = this.takeTransaction() ?? this.database.transactions.begin();
    this.spend(this.database.costMs(0));
    try {
      if (transaction.failed) throw inFailedTransaction();
      this.database.prepare(transaction, gid);
    } catch (error) {
      this.database.transactions.rollback(transaction);
      throw error;
    }
  }

  /** Phase two. @throws PostgresError 42704 when there is no such transaction, 25000 inside another one, 08006 */
  commitPrepared(gid: string): void {
    this.requireOutsideTransaction("COMMIT PREPARED");
    this.spend(this.database.costMs(0));
    this.database.commitPrepared(gid);
    this.replyOrLose();
  }

  rollbackPrepared(gid: string): void {
    this.requireOutsideTransaction("ROLLBACK PREPARED");
    this.spend(this.database.costMs(0));
    this.database.rollbackPrepared(gid);
  }

  /** Transactions that wait for phase two, whoever prepared them. */
  preparedTransactions(): readonly string[] {
    this.requireOpen();
    return this.database.transactions.preparedNames();
  }

  /** Rolls back what is open. */
  close(): void {
    if (this.broken !== null) return;
    this.break(new PostgresError(SQLSTATE.connectionFailure, "This connection has been closed."));
  }

  /** The server has ended it, or the client's process is gone. */
  break(cause: PostgresError): void {
    if (this.broken !== null) return;
    this.broken = cause;
    const transaction = this.takeTransaction();
    if (transaction !== null) this.database.transactions.rollback(transaction);
    this.database.disconnected(this);
  }

  private commitTransaction(transaction: Transaction): void {
    this.database.transactions.commit(transaction);
    this.replyOrLose();
  }

  private replyOrLose(): void {
    if (!this.database.health.losesReply()) return;
    const lost = new PostgresError(SQLSTATE.connectionFailure, "An I/O error occurred while sending to the backend.");
    this.break(lost);
    throw lost;
  }

  private failed(transaction: Transaction, error: unknown, alone: boolean): unknown {
    const cause = error instanceof LockWait ? this.lockFailure(transaction, error) : error;
    if (!this.valid) return cause;
    if (alone) this.database.transactions.rollback(transaction);
    else transaction.failed = true;
    return cause;
  }

  private lockFailure(transaction: Transaction, { holder }: LockWait): PostgresError {
    if (transaction.wouldDeadlock(holder)) {
      this.spend(DEADLOCK_TIMEOUT_MS);
      return deadlock(transaction, holder);
    }
    this.spend(this.database.lockTimeoutMs);
    return lockTimeout(holder);
  }

  private takeTransaction(): Transaction | null {
    const { transaction } = this;
    this.transaction = null;
    return transaction;
  }

  private requireOutsideTransaction(command: string): void {
    this.requireOpen();
    if (this.transaction !== null) {
      throw new PostgresError(SQLSTATE.invalidTransactionState, `${command} cannot run inside a transaction block`);
    }
  }

  private requireOpen(): void {
    if (this.broken !== null) throw this.broken;
  }

  private spend(durationMs: number): void {
    this.client.spendMs?.(durationMs);
  }
}

export function deadlock(waiting: Transaction, holder: Transaction): PostgresError {
  return new PostgresError(SQLSTATE.deadlockDetected, "deadlock detected", {
    detail: `Transaction ${waiting.xid} waits for transaction ${holder.xid}, which waits for it.`,
  });
}

export function lockTimeout(holder: Transaction): PostgresError {
  return new PostgresError(SQLSTATE.lockNotAvailable, "canceling statement due to lock timeout", {
    detail: `Transaction ${holder.xid} holds the row.`,
  });
}

function inFailedTransaction(): PostgresError {
  return new PostgresError(SQLSTATE.failedTransaction, "current transaction is aborted, commands ignored until end of transaction block");
}
