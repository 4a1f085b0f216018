import type { CommitterInitContext } from "flink";

/** A message on topic `entries`, and a row of the ledger. */
export interface Entry {
  readonly id: string;
  readonly account: string;
  readonly cents: number;
}

/** Names a transaction of the ledger: a plain value, made to be kept in a checkpoint. */
export interface Ticket {
  readonly name: string;
  readonly producerId: number;
  readonly epoch: number;
}

interface Producer {
  readonly producerId: number;
  readonly epoch: number;
  begin(): void;
  append(topic: string, partition: number, write: { key: string; value: unknown; timestampMs: null }): void;
  flush(): void;
  abort(): void;
}

interface Broker {
  initTransactions(name: string, options: { timeoutMs: number; origin: unknown }): Producer;
  commitPrepared(name: string, producerId: number, epoch: number): void;
}

/** The client of the ledger. Its rows are topic `ledger`, read by `read_committed` consumers; the judge is one of them. */
export class Ledger {
  private readonly broker: Broker;
  private readonly context: CommitterInitContext;
  private readonly open = new Map<string, { readonly producer: Producer; unsent: Entry | null }>();

  constructor(context: CommitterInitContext) {
    this.broker = context.outside("log") as Broker;
    this.context = context;
  }

  /** Opens a transaction. One of the same name that is still open, whoever opened it, is aborted, pre-committed or not. */
  begin(name: string): Ticket {
    const producer = this.broker.initTransactions(name, { timeoutMs: 600_000, origin: this.context });
    producer.begin();
    this.open.set(name, { producer, unsent: null });
    return { name, producerId: producer.producerId, epoch: producer.epoch };
  }

  /** Adds a row to an open transaction. Nobody sees it yet; the newest one waits in this client for more to be sent with it. */
  write(ticket: Ticket, entry: Entry): void {
    this.send(ticket);
    this.openOne(ticket).unsent = entry;
  }

  /** Phase one: what waits is sent, and from now on the ledger can commit, whatever happens. The transaction takes no more rows. */
  prepare(ticket: Ticket): void {
    this.send(ticket);
    this.openOne(ticket).producer.flush();
    this.open.delete(ticket.name);
  }

  /** Phase two, by whoever has the ticket, after a crash too. Once or several times: that is the same. */
  commit(ticket: Ticket): void {
    this.broker.commitPrepared(ticket.name, ticket.producerId, ticket.epoch);
  }

  /** Throws an open transaction away. */
  abort(ticket: Ticket): void {
    this.openOne(ticket).producer.abort();
    this.open.delete(ticket.name);
  }

  private send(ticket: Ticket): void {
    const open = this.openOne(ticket);
    if (open.unsent === null) return;
    open.producer.append("ledger", 0, { key: open.unsent.account, value: open.unsent, timestampMs: null });
    open.unsent = null;
  }

  private openOne(ticket: Ticket): { readonly producer: Producer; unsent: Entry | null } {
    const open = this.open.get(ticket.name);
    if (open === undefined) throw new Error(`There is no open transaction ${ticket.name} here.`);
    return open;
  }
}
