/**
 * A transaction: what it has written and nobody else sees yet, which rows it has locked, and how it ends.
 *
 * READ COMMITTED: each statement sees what is committed when it begins. REPEATABLE READ: all see what was committed when the first began, and
 * writing a row that somebody has changed since is refused (40001).
 */
import type { Row } from "../database-description.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import type { RowSlot, Table } from "./table.ts";
import type { RowModification } from "./wal.ts";

export type IsolationLevel = "read committed" | "repeatable read";

/** A statement needs a row that another transaction has written: whoever runs it waits, or gives up. */
export class LockWait extends Error {
  readonly holder: Transaction;

  constructor(holder: Transaction) {
    super(`waiting for transaction ${holder.xid}`);
    this.name = "LockWait";
    this.holder = holder;
  }
}

export class Transaction {
  readonly xid: number;
  readonly isolation: IsolationLevel;
  /** REPEATABLE READ: what it sees; null before the first statement. */
  snapshotLsn: number | null = null;
  /** Position of its first change in the log, null before that. */
  firstLsn: number | null = null;
  /** A statement has failed: only ROLLBACK is left. */
  failed = false;
  /** Whom it waits for right now. */
  waitsFor: Transaction | null = null;
  readonly changes: RowModification[] = [];
  private readonly locked = new Map<RowSlot, Table>();
  private readonly written = new Map<RowSlot, Row | null>();

  constructor(xid: number, isolation: IsolationLevel) {
    this.xid = xid;
    this.isolation = isolation;
  }

  get hasWritten(): boolean {
    return this.changes.length > 0;
  }

  /** The row as this transaction sees it. */
  visible(slot: RowSlot): Row | null {
    const own = this.written.get(slot);
    if (own !== undefined) return own;
    return this.snapshotLsn === null ? slot.latest : slot.asOf(this.snapshotLsn);
  }

  /** Takes the row's lock. @throws LockWait, PostgresError 40001 */
  lock(table: Table, slot: RowSlot): void {
    if (slot.lockedBy === this) return;
    if (slot.lockedBy !== null) throw new LockWait(slot.lockedBy);
    if (this.snapshotLsn !== null && slot.latestLsn > this.snapshotLsn) {
      throw new PostgresError(SQLSTATE.serializationFailure, "could not serialize access due to concurrent update");
    }
    slot.lockedBy = this;
    this.locked.set(slot, table);
  }

  /** The row, which is locked, is this from now on. */
  write(slot: RowSlot, row: Row | null): void {
    this.written.set(slot, row);
  }

  /** Places of rows written, with what is there at the end. */
  writtenRows(): Iterable<readonly [RowSlot, Row | null]> {
    return this.written;
  }

  /** Everything it had locked or written is free again. */
  release(): void {
    for (const [slot, table] of this.locked) {
      slot.lockedBy = null;
      table.forgetIfEmpty(slot);
    }
    this.locked.clear();
    this.written.clear();
  }

  /** Whether waiting for `holder` would never end, because it waits, itself or through others, for this one. */
  wouldDeadlock(holder: Transaction): boolean {
    // Others may wait for each other, and have not noticed yet.
    const seen = new Set<Transaction>();
    for (let other: Transaction | null = holder; other !== null && !seen.has(other); other = other.waitsFor) {
      if (other === this) return true;
      seen.add(other);
    }
    return false;
  }
}
