/**
 * Begins and ends the transactions of a database, those in two phases too.
 *
 * PREPARE TRANSACTION takes a transaction away from its session and gives it a name: it keeps its locks and holds back the log, survives the
 * client and the server, and waits for COMMIT PREPARED or ROLLBACK PREPARED from anybody, for ever.
 */
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import { type IsolationLevel, Transaction } from "./transaction.ts";
import type { CommittedTransaction, Wal } from "./wal.ts";

/** First number that PostgreSQL gives to a transaction of a user. */
const FIRST_XID = 731;

/** Told when transactions end. */
export interface TransactionListener {
  committed(transaction: Transaction, committed: CommittedTransaction | null): void;
  /** Something may go on now that waited for its locks. */
  ended(transaction: Transaction): void;
}

export class TransactionManager {
  private readonly wal: Wal;
  private readonly currentMs: () => number;
  private readonly maxPrepared: number;
  private readonly listener: TransactionListener;
  private readonly running = new Set<Transaction>();
  private readonly prepared = new Map<string, Transaction>();
  private nextXid = FIRST_XID;
  /** How many have been committed that had written something. */
  commits = 0;

  constructor(wal: Wal, currentMs: () => number, maxPrepared: number, listener: TransactionListener) {
    this.wal = wal;
    this.currentMs = currentMs;
    this.maxPrepared = maxPrepared;
    this.listener = listener;
  }

  begin(isolation: IsolationLevel = "read committed"): Transaction {
    const transaction = new Transaction(this.nextXid++, isolation);
    this.running.add(transaction);
    return transaction;
  }

  /** Call before each statement: REPEATABLE READ looks at the database as it is at the first. */
  beforeStatement(transaction: Transaction): void {
    if (transaction.isolation === "repeatable read") transaction.snapshotLsn ??= this.wal.insertLsn;
  }

  commit(transaction: Transaction): void {
    this.running.delete(transaction);
    let committed: CommittedTransaction | null = null;
    if (transaction.hasWritten) {
      committed = this.wal.commit(transaction.xid, transaction.changes, this.currentMs());
      const oldest = this.oldestSnapshotLsn();
      for (const [slot, row] of transaction.writtenRows()) slot.addVersion(committed.endLsn, row, oldest);
      this.commits++;
    }
    transaction.release();
    this.listener.committed(transaction, committed);
    this.listener.ended(transaction);
  }

  rollback(transaction: Transaction): void {
    this.running.delete(transaction);
    transaction.release();
    this.listener.ended(transaction);
  }

  /** @throws PostgresError 55000 when prepared transactions are off, 53400 when there are too many, 42710 when the name is taken */
  prepare(transaction: Transaction, gid: string): void {
    if (this.maxPrepared === 0) {
      throw new PostgresError(SQLSTATE.notInPrerequisiteState, "prepared transactions are disabled", {
        hint: 'Set "max_prepared_transactions" to a nonzero value.',
      });
    }
    if (this.prepared.has(gid)) throw new PostgresError(SQLSTATE.duplicateObject, `transaction identifier "${gid}" is already in use`);
    if (this.prepared.size >= this.maxPrepared) {
      throw new PostgresError(SQLSTATE.configurationLimit, "maximum number of prepared transactions reached", {
        hint: `Increase "max_prepared_transactions" (currently ${this.maxPrepared}).`,
      });
    }
    this.running.delete(transaction);
    this.prepared.set(gid, transaction);
  }

  /** @throws PostgresError 42704 */
  commitPrepared(gid: string): void {
    this.commit(this.takePrepared(gid));
  }

  /** @throws PostgresError 42704 */
  rollbackPrepared(gid: string): void {
    this.rollback(this.takePrepared(gid));
  }

  /** Names of the transactions that wait for phase two, oldest first (`pg_prepared_xacts`). */
  preparedNames(): readonly string[] {
    return [...this.prepared.keys()];
  }

  /** From here on the log is needed by transactions that have not ended. */
  oldestNeededLsn(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { firstLsn } of this.running) if (firstLsn !== null && firstLsn < oldest) oldest = firstLsn;
    for (const { firstLsn } of this.prepared.values()) if (firstLsn !== null && firstLsn < oldest) oldest = firstLsn;
    return oldest;
  }

  private takePrepared(gid: string): Transaction {
    const transaction = this.prepared.get(gid);
    if (transaction === undefined) {
      throw new PostgresError(SQLSTATE.undefinedObject, `prepared transaction with identifier "${gid}" does not exist`);
    }
    this.prepared.delete(gid);
    return transaction;
  }

  private oldestSnapshotLsn(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { snapshotLsn } of this.running) if (snapshotLsn !== null && snapshotLsn < oldest) oldest = snapshotLsn;
    return oldest;
  }
}
