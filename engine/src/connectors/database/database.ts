/**
 * A database with PostgreSQL's contract, in memory and on virtual time. It lives outside the cluster: task managers crash, it stays.
 *
 * Parts: `storage` (tables with row versions and locks, transactions, the write-ahead log), `sql` (statements), `client` (connections),
 * `replication` (slots, publications, logical decoding), the application that writes to it on its own, and its health. This class holds them
 * together, is struck by faults, and says in the end what is there.
 */
import type { OutsideSystem, SystemAction, SystemFactory, SystemHost } from "../systems/outside-system.ts";
import { Application, type RefusedTransaction } from "./application.ts";
import { Connection, type DatabaseClient } from "./client/connection.ts";
import type { DatabaseDescription, DatabaseSettings, Row } from "./database-description.ts";
import { DatabaseHealth } from "./database-health.ts";
import { PostgresError, SQLSTATE } from "./postgres-error.ts";
import { Publications } from "./replication/publications.ts";
import { type ReplicationSlot, ReplicationSlots, slotInvalidated } from "./replication/replication-slot.ts";
import { ReplicationStream } from "./replication/replication-stream.ts";
import { checkStatement, executeStatement, type StatementHost } from "./sql/execute-statement.ts";
import type { Statement } from "./sql/statement.ts";
import { LockQueue } from "./storage/lock-queue.ts";
import type { Table } from "./storage/table.ts";
import { Tables } from "./storage/tables.ts";
import type { Transaction } from "./storage/transaction.ts";
import { TransactionManager } from "./storage/transaction-manager.ts";
import { lsnText, Wal } from "./storage/wal.ts";

/** What is in a database at the end of a run. */
export interface DatabaseOutcome {
  readonly tables: readonly {
    readonly name: string;
    /** Committed rows, by primary key where there is one. */
    readonly rows: readonly Row[];
    /** How often committed transactions wrote each of `rows`. */
    readonly writes: readonly number[];
  }[];
  /** Transactions that nobody has committed or rolled back in the end. */
  readonly preparedTransactions: readonly string[];
  readonly slots: readonly {
    readonly name: string;
    readonly confirmedFlushLsn: string;
    /** Log kept for it. */
    readonly retainedBytes: number;
    readonly lost: boolean;
    readonly createdAtMs: number;
  }[];
  /** Transactions committed that had written something. */
  readonly commits: number;
  /** Bytes written to the log. */
  readonly walBytes: number;
  /** What the application wanted and did not get. */
  readonly refused: readonly RefusedTransaction[];
}

const DEFAULT_STATEMENT_MS = 1;
const DEFAULT_ROW_MS = 0.02;

export class PostgresDatabase implements OutsideSystem, StatementHost {
  readonly kind = "postgres";
  readonly name: string;
  readonly tables: Tables;
  readonly wal = new Wal();
  readonly transactions: TransactionManager;
  readonly slots: ReplicationSlots;
  readonly publications: Publications;
  readonly health: DatabaseHealth;
  readonly lockTimeoutMs: number;
  readonly locks: LockQueue;
  private readonly settings: DatabaseSettings;
  private readonly host: SystemHost;
  private readonly firstLsn = this.wal.insertLsn;
  private readonly connections = new Set<Connection>();
  private readonly application: Application;

  constructor(description: DatabaseDescription, host: SystemHost) {
    const { clock } = host;
    const currentMs = () => clock.currentMs();
    const settings = description.settings ?? {};
    this.name = description.name;
    this.settings = settings;
    this.host = host;
    this.lockTimeoutMs = settings.lockTimeoutMs ?? 10_000;
    this.locks = new LockQueue(clock, this.lockTimeoutMs);
    this.tables = new Tables(description.tables);
    this.publications = new Publications(this.tables, settings.publications ?? []);
    this.health = new DatabaseHealth(currentMs);
    this.transactions = new TransactionManager(this.wal, currentMs, settings.maxPreparedTransactions ?? 0, {
      committed: ({ xid, changes }, committed) => {
        if (committed === null) return;
        this.tell("commit", { xid, lsn: lsnText(committed.commitLsn), rows: changes.length });
        this.slots.enforceLimit();
        this.slots.trim();
        this.wal.notifyListeners();
      },
      ended: () => this.locks.locksReleased(),
    });
    this.slots = new ReplicationSlots(this.wal, {
      maxSlots: settings.maxReplicationSlots ?? 10,
      maxKeepBytes: settings.maxSlotWalKeepBytes ?? -1,
      currentMs,
      oldestNeededLsn: () => this.transactions.oldestNeededLsn(),
      onLost: (slot) => this.slotLost(slot),
    });
    this.application = new Application(this, clock, description.application ?? []);
  }

  // ---- Clients ----

  /** @throws PostgresError 57P03, 08001, 53300 */
  connect(client: DatabaseClient): Connection {
    this.health.requireAvailable(this.name);
    if (client.identity !== undefined) {
      for (const connection of [...this.connections]) if (connection.identity === client.identity) connection.break(connectionReset());
    }
    if (this.connections.size >= (this.settings.maxConnections ?? 100)) {
      throw new PostgresError(SQLSTATE.tooManyConnections, "sorry, too many clients already");
    }
    const connection = new Connection(this, client);
    this.connections.add(connection);
    return connection;
  }

  /** Called by a connection that has ended. */
  disconnected(connection: Connection): void {
    this.connections.delete(connection);
  }

  /** Time that a statement with so many rows takes, in ms. */
  costMs(rows: number): number {
    const { statement = DEFAULT_STATEMENT_MS, row = DEFAULT_ROW_MS } = this.settings.costMs ?? {};
    return (statement + rows * row) * this.health.slowness;
  }

  /** Runs a statement. @throws LockWait, PostgresError */
  run(transaction: Transaction, statement: Statement, parameters: readonly unknown[]): number {
    const table = this.tables.get(statement.table);
    checkStatement(table, statement);
    this.health.requireSpace();
    this.transactions.beforeStatement(transaction);
    return executeStatement(this, transaction, table, statement, parameters);
  }

  /** Rows of a table as a transaction sees them, or as they are committed. @throws PostgresError 42P01 */
  read(transaction: Transaction | null, name: string): Row[] {
    const table = this.tables.get(name);
    if (transaction === null) return table.committedRows();
    this.transactions.beforeStatement(transaction);
    const rows: Row[] = [];
    for (const slot of table.allSlots()) {
      const row = transaction.visible(slot);
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  /** SELECT … FOR UPDATE SKIP LOCKED of every table. */
  lockFreeRows(transaction: Transaction): void {
    for (const table of this.tables.all()) {
      for (const slot of table.allSlots()) if (slot.lockedBy === null) transaction.lock(table, slot);
    }
  }

  /** The row with this primary key as a transaction sees it, or as it is committed. @throws PostgresError 42P01, 42703 */
  readByKey(transaction: Transaction | null, name: string, key: Row): Row | null {
    const slot = this.tables.get(name).slotByKey(key);
    if (slot === undefined)
      throw new PostgresError(SQLSTATE.undefinedColumn, `${Object.keys(key).join(", ")} is not the primary key of "${name}"`);
    if (slot === null || transaction === null) return slot?.latest ?? null;
    this.transactions.beforeStatement(transaction);
    return transaction.visible(slot);
  }

  prepare(transaction: Transaction, gid: string): void {
    this.transactions.prepare(transaction, gid);
    this.tell("prepare", { gid, rows: transaction.changes.length });
  }

  commitPrepared(gid: string): void {
    this.transactions.commitPrepared(gid);
    this.tell("commitPrepared", { gid });
  }

  rollbackPrepared(gid: string): void {
    this.transactions.rollbackPrepared(gid);
    this.tell("rollbackPrepared", { gid });
  }

  isPublished(table: Table): boolean {
    return this.publications.has(table);
  }

  // ---- Replication ----

  /** @throws PostgresError 55000 without `wal_level = logical`, 58P01 for a plugin that is not installed, and what `ReplicationSlots.create` throws */
  createReplicationSlot(name: string, plugin: string): ReplicationSlot {
    this.health.requireAvailable(this.name);
    if (this.settings.walLevel !== "logical") {
      throw new PostgresError(SQLSTATE.notInPrerequisiteState, 'logical decoding requires "wal_level" >= "logical"');
    }
    if (!(this.settings.plugins ?? ["pgoutput"]).includes(plugin)) {
      throw new PostgresError(SQLSTATE.undefinedFile, `could not access file "${plugin}": No such file or directory`, {
        hint: "pgoutput comes with PostgreSQL; other output plugins must be installed on the server.",
      });
    }
    const slot = this.slots.create(name, plugin);
    this.tell("slotCreated", { slot: name, lsn: lsnText(slot.confirmedFlushLsn) });
    return slot;
  }

  /** @throws PostgresError 42704, 55006 */
  dropReplicationSlot(name: string): void {
    this.health.requireAvailable(this.name);
    this.slots.drop(name);
    this.tell("slotDropped", { slot: name });
  }

  /**
   * Reads a slot. An older connection to it is taken for dead.
   * @throws PostgresError 42704 without the slot or the publication, 55000 when it is lost
   */
  startReplication(slotName: string, publication: string, startLsn: number): ReplicationStream {
    this.health.requireAvailable(this.name);
    const slot = this.slots.get(slotName);
    if (slot.lost) throw slotInvalidated(slot);
    slot.activeFor?.break(connectionReset());
    const stream = new ReplicationStream(this.wal, this.slots, slot, this.publications.tablesOf(publication), startLsn);
    slot.activeFor = stream;
    return stream;
  }

  /** A consumer's word on how far it is; true when the slot has moved. */
  confirm(stream: ReplicationStream, lsn: number): boolean {
    if (!stream.confirm(lsn)) return false;
    this.tell("slotAdvanced", { slot: stream.slot.name, lsn: lsnText(lsn) });
    return true;
  }

  // ---- The world ----

  /** The application has done all it had to do. */
  get atRest(): boolean {
    return this.application.done;
  }

  /**
   * Faults: `connectionsLost`; `restart` and `failover` (`downMs`); `slow` (`forMs`, `factor`); `diskFull` (`forMs`); `loseReplies` (`commits`:
   * so many COMMITs are done, but their client gets a broken connection for an answer); `lockRows` (`forMs`: somebody takes the locks of all rows
   * that are free, and changes nothing); `loseSlots` (as if each held back more than `max_slot_wal_keep_size`).
   */
  strike(action: SystemAction): void {
    const number = (parameter: string, otherwise: number) => (typeof action[parameter] === "number" ? action[parameter] : otherwise);
    switch (action.what) {
      case "connectionsLost":
        this.endConnections(new PostgresError(SQLSTATE.adminShutdown, "terminating connection due to administrator command"));
        break;
      case "restart":
        this.health.goDown(number("downMs", 1000), "restart");
        this.endConnections(new PostgresError(SQLSTATE.adminShutdown, "terminating connection due to administrator command"));
        break;
      case "failover":
        this.health.goDown(number("downMs", 5000), "failover");
        this.endConnections(new PostgresError(SQLSTATE.connectionFailure, "An I/O error occurred while sending to the backend."));
        if (this.settings.failoverSlots !== true) this.slots.dropAll();
        break;
      case "slow":
        this.health.slowDown(number("forMs", 10_000), number("factor", 10));
        break;
      case "diskFull":
        this.health.fillDisk(number("forMs", Number.POSITIVE_INFINITY));
        break;
      case "loseReplies":
        this.health.loseReplies(number("commits", 1));
        break;
      case "lockRows":
        this.lockRows(number("forMs", 1000));
        break;
      case "loseSlots":
        this.slots.loseAll();
        break;
      default:
        throw new Error(
          `A database does not know the fault "${action.what}": connectionsLost, restart, failover, slow, diskFull, loseReplies, lockRows, loseSlots.`,
        );
    }
    this.tell(action.what, {});
  }

  outcome(): DatabaseOutcome {
    return {
      tables: this.tables.all().map((table) => {
        const rows = table.committedRows();
        return { name: table.qualifiedName, rows, writes: table.writesOf(rows) };
      }),
      preparedTransactions: this.transactions.preparedNames(),
      slots: this.slots.all().map((slot) => ({
        name: slot.name,
        confirmedFlushLsn: lsnText(slot.confirmedFlushLsn),
        retainedBytes: this.slots.retainedBytes(slot),
        lost: slot.lost,
        createdAtMs: slot.createdAtMs,
      })),
      commits: this.transactions.commits,
      walBytes: this.wal.insertLsn - this.firstLsn,
      refused: this.application.refused,
    };
  }

  /** Somebody at a console. No other client counts as his, so nothing but the end of the server makes him let go earlier. */
  private lockRows(forMs: number): void {
    const connection = new Connection(this, {});
    this.connections.add(connection);
    connection.begin();
    connection.lockAllRows();
    this.host.clock.schedule(this.host.clock.currentMs() + forMs, () => connection.close());
  }

  private endConnections(cause: PostgresError): void {
    this.locks.withoutGoingOn(() => {
      for (const connection of [...this.connections]) connection.break(cause);
      for (const slot of this.slots.all()) slot.activeFor?.break(cause);
      this.application.disconnected();
    });
  }

  private slotLost(slot: ReplicationSlot): void {
    this.tell("slotLost", { slot: slot.name });
    slot.activeFor?.break(slotInvalidated(slot));
  }

  private tell(what: string, detail: Readonly<Record<string, unknown>>): void {
    this.host.observer.systemEvent(this, what, detail);
  }
}

function connectionReset(): PostgresError {
  return new PostgresError(SQLSTATE.connectionFailure, "Connection reset: another connection of the same client has taken over.");
}

/** Makes databases of kind `postgres`. */
export const POSTGRES_FACTORY: SystemFactory<DatabaseDescription> = {
  kind: "postgres",
  create: (description, host) => new PostgresDatabase(description, host),
};
