import type { PostgresDatabase } from "../database.ts";
import { PostgresError } from "../postgres-error.ts";
import type { Statement } from "../sql/statement.ts";
import type { WaitingStatement } from "../storage/lock-queue.ts";
import { LockWait, type Transaction } from "../storage/transaction.ts";

export interface BatchOwner {
  /** All rows are written. What it throws is the statement's answer. */
  done(): void;
  /** The statement has failed. */
  failed(): void;
  /** Takes the answer when it comes late. */
  answered(failure: PostgresError | null): void;
}

/** A statement with several sets of parameters that goes on where it met a lock. What it has written until then stays locked. */
export class WaitingBatch implements WaitingStatement {
  readonly transaction: Transaction;
  readonly #database: PostgresDatabase;
  readonly #statement: Statement;
  readonly #batch: readonly (readonly unknown[])[];
  readonly #owner: BatchOwner;
  #next = 0;

  constructor(
    database: PostgresDatabase,
    transaction: Transaction,
    statement: Statement,
    batch: readonly (readonly unknown[])[],
    owner: BatchOwner,
  ) {
    this.#database = database;
    this.transaction = transaction;
    this.#statement = statement;
    this.#batch = batch;
    this.#owner = owner;
  }

  /** True = done, false = it waits. @throws PostgresError */
  begin(): boolean {
    try {
      return this.#advance();
    } catch (error) {
      this.#owner.failed();
      throw error;
    }
  }

  goOn(): void {
    try {
      if (this.#advance()) this.#owner.answered(null);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      this.refuse(error);
    }
  }

  refuse(error: PostgresError): void {
    this.#database.locks.leave(this);
    this.#owner.failed();
    this.#owner.answered(error);
  }

  /** The connection is gone, and rolls the transaction back. */
  interrupt(cause: PostgresError): void {
    this.#database.locks.leave(this);
    this.#owner.answered(cause);
  }

  #advance(): boolean {
    const database = this.#database;
    const batch = this.#batch;
    for (; this.#next < batch.length; this.#next++) {
      try {
        database.run(this.transaction, this.#statement, batch[this.#next]);
      } catch (error) {
        if (!(error instanceof LockWait)) throw error;
        database.locks.wait(this, error.holder);
        return false;
      }
    }
    database.locks.leave(this);
    this.#owner.done();
    return true;
  }
}
