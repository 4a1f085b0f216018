/**
 * Statements that wait for locks, in the order in which they came.
 *
 * As in PostgreSQL a statement waits until the transaction that holds the row has ended, then tries again, and may find that another one was
 * faster. It gives up after `lock_timeout` (55P03). Once for each lock, after `deadlock_timeout`, it looks whether it waits for itself by way of others; if so
 * it is the one that is refused (40P01), whoever closed the circle.
 */
import type { SystemClock } from "../../systems/outside-system.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import type { Transaction } from "./transaction.ts";

/** `deadlock_timeout`, PostgreSQL's default. */
export const DEADLOCK_TIMEOUT_MS = 1000;

/** Whoever runs the statement. */
export interface WaitingStatement {
  readonly transaction: Transaction;
  /** The lock may be free: try again. Either it waits again, or it is told to leave the queue. */
  goOn(): void;
  /** It has waited for too long, or for itself. It has left the queue. */
  refuse(error: PostgresError): void;
}

interface Entry {
  readonly timers: { cancel(): void }[];
}

export class LockQueue {
  private readonly clock: SystemClock;
  private readonly lockTimeoutMs: number;
  /** Statements are being tried again, or nobody is to be. */
  private givesOut = false;
  private released = false;
  private readonly entries = new Map<WaitingStatement, Entry>();

  /** @param lockTimeoutMs 0 = a statement waits for ever. */
  constructor(clock: SystemClock, lockTimeoutMs: number) {
    this.clock = clock;
    this.lockTimeoutMs = lockTimeoutMs;
  }

  /** The statement waits for `holder`. It keeps its place, but each lock has a time of its own. */
  wait(statement: WaitingStatement, holder: Transaction): void {
    for (const timer of this.entries.get(statement)?.timers ?? []) timer.cancel();
    statement.transaction.waitsFor = holder;
    const after = (delayMs: number, due: () => void) => this.clock.schedule(this.clock.currentMs() + delayMs, due);
    const timers = [after(DEADLOCK_TIMEOUT_MS, () => this.lookForDeadlock(statement, holder))];
    if (this.lockTimeoutMs > 0) timers.push(after(this.lockTimeoutMs, () => this.refuse(statement, lockTimeout(holder))));
    this.entries.set(statement, { timers });
  }

  /** It waits no longer, for whatever reason. */
  leave(statement: WaitingStatement): void {
    const entry = this.entries.get(statement);
    if (entry === undefined) return;
    for (const timer of entry.timers) timer.cancel();
    this.entries.delete(statement);
    statement.transaction.waitsFor = null;
  }

  /** A transaction has ended. What those who go on set free is given out when they all have had their turn. */
  locksReleased(): void {
    if (this.givesOut) {
      this.released = true;
      return;
    }
    this.givesOut = true;
    do {
      this.released = false;
      for (const statement of [...this.entries.keys()]) {
        // One before it may have ended it.
        if (!this.entries.has(statement)) continue;
        statement.transaction.waitsFor = null;
        statement.goOn();
      }
    } while (this.released);
    this.givesOut = false;
  }

  /** The server goes down: locks become free, and nobody is there to take them. */
  withoutGoingOn(action: () => void): void {
    this.givesOut = true;
    action();
    this.givesOut = false;
  }

  private lookForDeadlock(statement: WaitingStatement, holder: Transaction): void {
    const { transaction } = statement;
    if (transaction.wouldDeadlock(holder)) this.refuse(statement, deadlock(transaction, holder));
  }

  private refuse(statement: WaitingStatement, error: PostgresError): void {
    this.leave(statement);
    statement.refuse(error);
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
