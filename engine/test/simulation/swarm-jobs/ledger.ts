/**
 * A system outside the cluster with transactions by name, as simple as such a thing can be: nobody sees what is in an open one, to commit
 * twice changes nothing, and what was aborted is gone.
 */
import type { OutputRow } from "../../../src/sim.ts";

export interface LedgerRow {
  readonly key: string;
  readonly [field: string]: unknown;
}

export class Ledger {
  private readonly open = new Map<string, LedgerRow[]>();
  private readonly committed = new Set<string>();
  private readonly lines: LedgerRow[] = [];
  /** For a sink that keeps its rows by name itself. */
  readonly staged = new Map<string, readonly LedgerRow[]>();
  private readonly told = new Set<string>();
  private stamps = 0;

  /** A number that nobody else has got. */
  stamp(): number {
    return ++this.stamps;
  }

  /** Somebody says that a transaction is committed. It must be true. */
  tell(transaction: string): void {
    if (!this.committed.has(transaction)) throw new Error(`transaction ${transaction} is not committed`);
    this.told.add(transaction);
  }

  /** Unknown names and such that are in use already begin with nothing. */
  begin(transaction: string): void {
    this.open.set(transaction, []);
  }

  add(transaction: string, row: LedgerRow): void {
    const rows = this.open.get(transaction);
    if (rows === undefined) throw new Error(`transaction ${transaction} is not open`);
    rows.push(row);
  }

  commit(transaction: string): "done" | "done before" {
    if (this.committed.has(transaction)) return "done before";
    const rows = this.open.get(transaction);
    if (rows === undefined) throw new Error(`transaction ${transaction} is unknown`);
    this.open.delete(transaction);
    this.committed.add(transaction);
    this.lines.push(...rows);
    return "done";
  }

  abort(transaction: string): void {
    this.open.delete(transaction);
  }

  /** Without a transaction. */
  append(row: LedgerRow): void {
    this.lines.push(row);
  }

  rows(): OutputRow[] {
    return this.lines.map((value) => ({ place: "ledger", key: value.key, value }));
  }
}
