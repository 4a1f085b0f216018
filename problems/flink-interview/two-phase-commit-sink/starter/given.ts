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
  /** By transaction: the row that waits for more to be sent with it. */
  readonly #unsent = new Map<string, Entry>();

  constructor(context: CommitterInitContext) {
    this.#log = new TransactionalLogClient(context);
  }

  /** Opens a transaction. One of the same name that is still open, whoever opened it, is aborted, pre-committed or not. */
  begin(name: string): Ticket {
    this.#unsent.delete(name);
    return this.#log.begin(name, 600_000);
  }

  /** Adds a row to an open transaction. Nobody sees it yet; the newest one waits in this client for more to be sent with it. */
  write(ticket: Ticket, entry: Entry): void {
    this.#send(ticket);
    this.#unsent.set(ticket.transactionalId, entry);
  }

  /** Phase one: what waits is sent, and from now on the ledger can commit, whatever happens. The transaction takes no more rows. */
  prepare(ticket: Ticket): void {
    this.#send(ticket);
    this.#log.prepare(ticket);
  }

  /** Phase two, by whoever has the ticket, after a crash too. Once or several times: that is the same. */
  commit(ticket: Ticket): void {
    this.#log.commit(ticket);
  }

  /** Throws an open transaction away. */
  abort(ticket: Ticket): void {
    this.#unsent.delete(ticket.transactionalId);
    this.#log.abort(ticket);
  }

  #send(ticket: Ticket): void {
    const entry = this.#unsent.get(ticket.transactionalId);
    if (entry === undefined) return;
    this.#log.append(ticket, { topic: "ledger", key: entry.account, value: entry });
    this.#unsent.delete(ticket.transactionalId);
  }
}
