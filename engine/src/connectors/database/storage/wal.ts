/**
 * The write-ahead log, as far as logical decoding and its retention need it.
 *
 * A position in it (LSN) counts bytes. Every change moves the position on when it is made, whether or not its transaction commits, and the
 * end of a transaction moves it again. What can be decoded are the committed transactions in the order of their commits: logical decoding puts
 * together the changes of a transaction and gives them out at its COMMIT, so that is the form in which they are kept. They are dropped when no
 * replication slot needs them any more.
 */
import type { Row } from "../database-description.ts";
import type { Table } from "./table.ts";

/** Bytes of a record's header, and of a COMMIT. */
const HEADER_BYTES = 56;
/** Where a new cluster's log begins: 0/1000000. */
const FIRST_LSN = 0x100_0000;

/** One row changed by a transaction. */
export interface RowModification {
  readonly table: Table;
  readonly op: "insert" | "update" | "delete";
  readonly before: Row | null;
  readonly after: Row | null;
  /** Where the change stands in the log. */
  readonly lsn: number;
}

/** A transaction as logical decoding gives it out. */
export interface CommittedTransaction {
  readonly xid: number;
  /** Position of its COMMIT. */
  readonly commitLsn: number;
  /** Position behind its COMMIT: whoever has confirmed it has all of the transaction. */
  readonly endLsn: number;
  readonly committedAtMs: number;
  readonly changes: readonly RowModification[];
}

export class Wal {
  private position = FIRST_LSN;
  private kept: CommittedTransaction[] = [];
  private readonly listeners = new Set<() => void>();

  /** Position behind the last record. */
  get insertLsn(): number {
    return this.position;
  }

  /** Appends a record of so many bytes. @returns its position */
  append(bytes: number): number {
    const lsn = this.position;
    this.position += HEADER_BYTES + bytes;
    return lsn;
  }

  /** Ends a transaction that has changed something. */
  commit(xid: number, changes: readonly RowModification[], committedAtMs: number): CommittedTransaction {
    const commitLsn = this.append(0);
    const committed = { xid, commitLsn, endLsn: this.position, committedAtMs, changes };
    this.kept.push(committed);
    return committed;
  }

  /** Tells everybody who reads the log that there is more. */
  notifyListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }

  onCommit(listener: () => void): { cancel(): void } {
    this.listeners.add(listener);
    return { cancel: () => void this.listeners.delete(listener) };
  }

  /** The first transaction that ends behind this position. */
  firstAfter(lsn: number): CommittedTransaction | null {
    const { kept } = this;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (kept[middle].endLsn <= lsn) low = middle + 1;
      else high = middle;
    }
    return low < kept.length ? kept[low] : null;
  }

  /** Forgets transactions that end at or before this position. */
  dropUpTo(lsn: number): void {
    const keep = this.kept.findIndex(({ endLsn }) => endLsn > lsn);
    if (keep === -1) this.kept = [];
    else if (keep > 0) this.kept.splice(0, keep);
  }
}

/** As PostgreSQL writes it: `0/16B3748`. */
export function lsnText(lsn: number): string {
  return `${Math.floor(lsn / 0x1_0000_0000)
    .toString(16)
    .toUpperCase()}/${(lsn % 0x1_0000_0000).toString(16).toUpperCase()}`;
}
