/**
 * A client's connection: one transaction at a time, statements with parameters, two-phase commit.
 *
 * A call is answered at once; what it takes is charged to the client's time (`spendMs`). One call may have to wait for others: a statement that
 * meets a lock. `executeBatch` then gives its answer later, to whom it was told to, and the connection does nothing else until then. Who cannot
 * take an answer later waits out `lock_timeout` in one go and fails (55P03), or is told at once that waiting would be a deadlock (40P01). A client
 * that dies says nothing: the server notices when the next attempt of the same client connects, and rolls back what the old one left.
 */
import { invariant } from "../../../base/invariant.ts";
import type { PostgresDatabase } from "../database.ts";
import type { Row, RowChange } from "../database-description.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import type { ParsedStatement } from "../sql/parse-statement.ts";
import { type Statement, statementOf } from "../sql/statement.ts";
import { WaitingBatch } from "./waiting-batch.ts";
import { DEADLOCK_TIMEOUT_MS, deadlock, lockTimeout } from "../storage/lock-queue.ts";
import { type IsolationLevel, LockWait, type Transaction } from "../storage/transaction.ts";

/** Whose connection it is. */
export interface DatabaseClient {
  /** The same for every attempt of the same client; a new connection ends an older one. Absent = nobody else's. */
  readonly identity?: string;
  /** The client waits for so long. */
  readonly spendMs?: (durationMs: number) => void;
}

/** What has become of a statement that had to wait: null = it is done. */
export type LateAnswer = (failure: PostgresError | null) => void;

export class Connection {
  private readonly database: PostgresDatabase;
  private readonly client: DatabaseClient;
  private transaction: Transaction | null = null;
  private broken: PostgresError | null = null;
  private waiting: WaitingBatch | null = null;
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

  /**
   * The same statement with several sets of parameters, in one go and, outside a transaction, in one transaction.
   *
   * @param answered takes the answer if it has to wait. @returns false when it waits. @throws PostgresError
   */
  executeBatch(parsed: ParsedStatement, batch: readonly (readonly unknown[])[], answered?: LateAnswer): boolean {
    if (answered === undefined) {
      this.run(parsed.statement, batch);
      return true;
    }
    const { transaction, alone } = this.transactionForStatement();
    let late = false;
    const waiting = new WaitingBatch(this.database, transaction, parsed.statement, batch, {
      done: () => {
        this.waiting = null;
        if (!late) this.spend(this.database.costMs(batch.length));
        if (alone) this.commitTransaction(transaction);
      },
      failed: () => {
        this.waiting = null;
        this.statementFailed(transaction, alone);
      },
      answered,
    });
    this.waiting = waiting;
    if (waiting.begin()) return true;
    late = true;
    this.spend(this.database.costMs(batch.length));
    return false;
  }

  private run(statement: Statement, batch: readonly (readonly unknown[])[]): number {
    const { transaction, alone } = this.transactionForStatement();
    try {
      let written = 0;
      for (const parameters of batch) written += this.database.run(transaction, statement, parameters);
      this.spend(this.database.costMs(batch.length));
      if (alone) this.commitTransaction(transaction);
      return written;
    } catch (error) {
      const cause = error instanceof LockWait ? this.lockFailure(transaction, error) : error;
      this.statementFailed(transaction, alone);
      throw cause;
    }
  }

  /** `alone`: the statement is a transaction of its own. */
  private transactionForStatement(): { readonly transaction: Transaction; readonly alone: boolean } {
    this.requireOpen();
    const transaction = this.transaction ?? this.database.transactions.begin();
    const alone = this.transaction === null && this.autoCommit;
    if (!alone) this.transaction = transaction;
    if (transaction.failed) throw inFailedTransaction();
    return { transaction, alone };
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
    const { waiting } = this;
    this.waiting = null;
    const transaction = this.takeTransaction() ?? waiting?.transaction ?? null;
    waiting?.interrupt(cause);
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

  private statementFailed(transaction: Transaction, alone: boolean): void {
    if (!this.valid) return;
    if (alone) this.database.transactions.rollback(transaction);
    else transaction.failed = true;
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
    invariant(this.waiting === null, "a connection was used while its last statement waits");
  }

  private spend(durationMs: number): void {
    this.client.spendMs?.(durationMs);
  }
}

function inFailedTransaction(): PostgresError {
  return new PostgresError(SQLSTATE.failedTransaction, "current transaction is aborted, commands ignored until end of transaction block");
}
