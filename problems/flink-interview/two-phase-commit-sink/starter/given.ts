import { type CommitterInitContext, type LogTransactionHandle, TransactionalLogClient } from "flink";

/** A message on topic `entries`, and a row of the ledger. */
export interface Entry {
  readonly id: string;
  readonly account: string;
  readonly cents: number;
}

/** Names a transaction of the ledger: a plain value, made to be kept in a checkpoint. */
export type Ticket = LogTransactionHandle;

/** The client of the ledger. Its rows are topic `ledger`, read by `read_committed` consumers; the judge is one of them. */
export class Ledger {
  readonly #log: TransactionalLogClient;

  constructor(context: CommitterInitContext) {
    this.#log = new TransactionalLogClient(context);
  }

  /** Opens a transaction. One of the same name that is still open, whoever opened it, is aborted, pre-committed or not. */
  begin(name: string): Ticket {
    return this.#log.begin(name, 600_000);
  }

  /** Adds a row to an open transaction. Nobody sees it yet. */
  write(ticket: Ticket, entry: Entry): void {
    this.#log.append(ticket, { topic: "ledger", key: entry.account, value: entry });
  }

  /** Phase one: from now on the ledger can commit, whatever happens. The transaction takes no more rows. */
  prepare(ticket: Ticket): void {
    this.#log.prepare(ticket);
  }

  /** Phase two, by whoever has the ticket, after a crash too. Once or several times: that is the same. */
  commit(ticket: Ticket): void {
    this.#log.commit(ticket);
  }

  /** Throws an open transaction away. */
  abort(ticket: Ticket): void {
    this.#log.abort(ticket);
  }
}
