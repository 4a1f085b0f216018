/**
 * A PostgreSQL-like database as a world describes it: tables with their first rows, what the application writes over time, settings.
 * Plain data. Settings carry the meaning and the defaults of the parameters of postgresql.conf whose names they resemble.
 */
import type { SystemDescription } from "../systems/outside-system.ts";

/** A row by column name. Values are plain JSON values. */
export type Row = Readonly<Record<string, unknown>>;

export interface DatabaseDescription extends SystemDescription {
  readonly kind: "postgres";
  readonly tables: readonly TableDescription[];
  /** Transactions of the application that owns the database. */
  readonly application?: readonly ApplicationTransaction[];
  readonly settings?: DatabaseSettings;
}

export interface TableDescription {
  /** `orders`, or with its schema `shop.orders`; the schema is `public` unless given. */
  readonly name: string;
  /** Type of each column, e.g. `{ id: "integer not null", note: "text" }`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Absent = rows have no key, and may be there twice. */
  readonly primaryKey?: readonly string[];
  /** What the log holds of the old row of an UPDATE or DELETE. Default `default`: the primary key. */
  readonly replicaIdentity?: ReplicaIdentity;
  /** Contents before the world begins; not in the write-ahead log. */
  readonly rows?: readonly Row[];
}

export type ReplicaIdentity = "default" | "full" | "nothing";

/** One transaction of the application. It waits for locks that others hold, up to `lockTimeoutMs`; what fails is rolled back and counted. */
export interface ApplicationTransaction {
  /** Epoch ms of its first statement. */
  readonly atMs: number;
  readonly changes: readonly RowChange[];
  /** How long it stays open after its last statement; locks are held meanwhile. Default 0. */
  readonly openForMs?: number;
  /** It ends with ROLLBACK. Default false. */
  readonly rollback?: boolean;
  /** Commit, wait this long and do it all again, so many times. Default never. */
  readonly repeat?: { readonly everyMs: number; readonly times: number };
}

export type RowChange =
  | { readonly op: "insert"; readonly table: string; readonly row: Row }
  /** INSERT … ON CONFLICT (primary key) DO UPDATE. */
  | { readonly op: "upsert"; readonly table: string; readonly row: Row }
  /** Changes the columns in `set` of every row whose columns equal `where`. */
  | { readonly op: "update"; readonly table: string; readonly where: Row; readonly set: Row }
  | { readonly op: "delete"; readonly table: string; readonly where: Row };

export interface DatabaseSettings {
  /** `wal_level`. CDC needs `logical`. Default `replica`, as in PostgreSQL. */
  readonly walLevel?: "replica" | "logical";
  /** `max_prepared_transactions`. XA sinks need one per writer and checkpoint under way. Default 0, as in PostgreSQL: none. */
  readonly maxPreparedTransactions?: number;
  /** `max_connections`. Default 100. */
  readonly maxConnections?: number;
  /** `max_replication_slots`. Default 10. */
  readonly maxReplicationSlots?: number;
  /** `max_slot_wal_keep_size` in bytes: a slot that holds back more is lost. Default -1: no limit. */
  readonly maxSlotWalKeepBytes?: number;
  /** `lock_timeout` in ms; 0 = a statement waits for ever, which is PostgreSQL's default. Here 10000. */
  readonly lockTimeoutMs?: number;
  /** Output plugins for logical decoding that are installed. Default `pgoutput`, which comes with PostgreSQL. */
  readonly plugins?: readonly string[];
  /** Publications that exist from the start. Connectors that find none make one for all tables. */
  readonly publications?: readonly { readonly name: string; readonly tables: readonly string[] | "all" }[];
  /** Replication slots survive a failover (PostgreSQL 17: `failover` slots). Default false. */
  readonly failoverSlots?: boolean;
  /** Time that a statement takes, and each row that it writes or reads, in ms. Default 1 and 0.02. */
  readonly costMs?: { readonly statement?: number; readonly row?: number };
}
