/**
 * A connection that reads a replication slot (START_REPLICATION): committed transactions in the order of their commits, each of them whole,
 * with the changes of the publication's tables.
 *
 * A transaction that was rolled back, or has not ended, never shows. Reading begins where the reader wants, but not before what the slot's
 * consumer has confirmed: the server then goes on from there without a word.
 */
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import type { Table } from "../storage/table.ts";
import type { CommittedTransaction, RowModification, Wal } from "../storage/wal.ts";
import { type ReplicationSlot, type ReplicationSlots, slotInvalidated } from "./replication-slot.ts";

/** A transaction as its reader gets it. */
export interface DecodedTransaction extends CommittedTransaction {
  /** Those of tables that the publication has; may be empty. */
  readonly changes: readonly RowModification[];
}

export class ReplicationStream {
  readonly slot: ReplicationSlot;
  readonly #wal: Wal;
  readonly #slots: ReplicationSlots;
  readonly #publishes: (table: Table) => boolean;
  readonly #listeners = new Set<() => void>();
  readonly #subscription: { cancel(): void };
  #positionLsn: number = 0;
  #broken: PostgresError | null = null;

  /** @param startLsn transactions that end at or before this are not wanted */
  constructor(wal: Wal, slots: ReplicationSlots, slot: ReplicationSlot, publishes: (table: Table) => boolean, startLsn: number) {
    this.#wal = wal;
    this.#slots = slots;
    this.slot = slot;
    this.#publishes = publishes;
    this.#positionLsn = Math.max(startLsn, slot.confirmedFlushLsn);
    this.#subscription = wal.onCommit(() => this.#notify());
  }

  /** Everything up to here has been given out. */
  get position(): number {
    return this.#positionLsn;
  }

  /** The next transaction, null when there is none yet. @throws PostgresError when the connection is gone or the slot is lost */
  next(): DecodedTransaction | null {
    const transaction = this.peek();
    if (transaction !== null) this.#positionLsn = transaction.endLsn;
    return transaction;
  }

  /** As `next`, and it comes again. */
  peek(): DecodedTransaction | null {
    if (this.#broken !== null) throw this.#broken;
    if (this.slot.lost) throw slotInvalidated(this.slot);
    const transaction = this.#wal.firstAfter(this.#positionLsn);
    if (transaction === null) return null;
    return { ...transaction, changes: transaction.changes.filter(({ table }) => this.#publishes(table)) };
  }

  /** The server's position as its keepalive messages tell it, once everything before it has been given out. */
  keepaliveLsn(): number {
    return this.#wal.firstAfter(this.#positionLsn) === null ? this.#wal.insertLsn : this.#positionLsn;
  }

  /** The reader will not need anything up to this position again. */
  confirm(lsn: number): boolean {
    return this.#broken === null && this.#slots.confirm(this.slot, lsn);
  }

  /** Calls `listener` when there may be more, also when the connection breaks. */
  onAvailable(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The server has gone, or another connection has taken the slot. */
  break(cause: PostgresError): void {
    if (this.#broken !== null) return;
    this.#broken = cause;
    this.#free();
    this.#notify();
  }

  close(): void {
    this.#broken ??= new PostgresError(SQLSTATE.connectionFailure, "This replication stream has been closed.");
    this.#free();
    this.#listeners.clear();
  }

  #free(): void {
    this.#subscription.cancel();
    if (this.slot.activeFor === this) this.slot.activeFor = null;
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
