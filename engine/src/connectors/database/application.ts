/**
 * The application that the database belongs to: its transactions, at their times. A transaction that meets a lock waits for it; one that the
 * server's end interrupts is done again from its beginning as soon as the server is back. One that the database refuses is rolled back.
 */
import type { SystemClock } from "../systems/outside-system.ts";
import type { PostgresDatabase } from "./database.ts";
import type { ApplicationTransaction } from "./database-description.ts";
import { PostgresError } from "./postgres-error.ts";
import { statementOf } from "./sql/statement.ts";
import type { WaitingStatement } from "./storage/lock-queue.ts";
import { LockWait, type Transaction } from "./storage/transaction.ts";

/** A transaction of the application that the database has refused. */
export interface RefusedTransaction {
  readonly atMs: number;
  readonly sqlState: string;
  readonly message: string;
}

export class Application {
  readonly refused: RefusedTransaction[] = [];
  private readonly database: PostgresDatabase;
  private readonly clock: SystemClock;
  private readonly underWay = new Set<RunningTransaction>();
  private scheduled = 0;

  constructor(database: PostgresDatabase, clock: SystemClock, script: readonly ApplicationTransaction[]) {
    this.database = database;
    this.clock = clock;
    for (const transaction of script) {
      const { everyMs, times } = transaction.repeat ?? { everyMs: 0, times: 0 };
      for (let round = 0; round <= times; round++) this.schedule(transaction, transaction.atMs + round * everyMs);
    }
  }

  /** It has nothing left to do. */
  get done(): boolean {
    return this.scheduled === 0 && this.underWay.size === 0;
  }

  /** The server has ended every connection. */
  disconnected(): void {
    const interrupted = [...this.underWay];
    for (const one of interrupted) one.giveUp();
    for (const { script } of interrupted) this.schedule(script, this.clock.currentMs());
  }

  private schedule(script: ApplicationTransaction, atMs: number): void {
    this.scheduled++;
    this.clock.schedule(atMs, () => {
      this.scheduled--;
      const { availableAtMs, available } = this.database.health;
      if (!available) {
        this.schedule(script, availableAtMs);
        return;
      }
      const one = new RunningTransaction(this.database, this.clock, script, {
        ended: (error) => {
          this.underWay.delete(one);
          if (error !== null) this.refused.push({ atMs: this.clock.currentMs(), sqlState: error.sqlState, message: error.message });
        },
      });
      this.underWay.add(one);
      one.goOn();
    });
  }
}

interface RunningTransactionHost {
  ended(error: PostgresError | null): void;
}

class RunningTransaction implements WaitingStatement {
  readonly script: ApplicationTransaction;
  private readonly database: PostgresDatabase;
  private readonly clock: SystemClock;
  private readonly host: RunningTransactionHost;
  readonly transaction: Transaction;
  private timer: { cancel(): void } | null = null;
  private next = 0;
  private over = false;

  constructor(database: PostgresDatabase, clock: SystemClock, script: ApplicationTransaction, host: RunningTransactionHost) {
    this.database = database;
    this.clock = clock;
    this.script = script;
    this.host = host;
    this.transaction = database.transactions.begin();
  }

  /** Runs statements until one has to wait, or all are done. */
  goOn(): void {
    if (this.over) return;
    const { changes, openForMs = 0 } = this.script;
    while (this.next < changes.length) {
      const change = changes[this.next];
      try {
        const { primaryKey } = this.database.tables.get(change.table);
        this.database.run(this.transaction, statementOf(change, primaryKey), []);
      } catch (error) {
        if (error instanceof LockWait) this.database.locks.wait(this, error.holder);
        else if (error instanceof PostgresError) this.refuse(error);
        else throw error;
        return;
      }
      this.next++;
      this.database.locks.leave(this);
    }
    if (openForMs === 0) this.end();
    else this.timer = this.clock.schedule(this.clock.currentMs() + openForMs, () => this.end());
  }

  /** The connection is gone, and the transaction with it. */
  giveUp(): void {
    if (this.over) return;
    this.finish(null);
    this.database.transactions.rollback(this.transaction);
  }

  private end(): void {
    if (this.over) return;
    this.finish(null);
    if (this.script.rollback === true) this.database.transactions.rollback(this.transaction);
    else this.database.transactions.commit(this.transaction);
  }

  refuse(error: PostgresError): void {
    if (this.over) return;
    this.finish(error);
    this.database.transactions.rollback(this.transaction);
  }

  private finish(error: PostgresError | null): void {
    this.over = true;
    this.timer?.cancel();
    this.database.locks.leave(this);
    this.host.ended(error);
  }
}
