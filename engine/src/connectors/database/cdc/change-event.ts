/**
 * Changes of a database as Debezium tells them: an envelope with the row before and after, what happened, and where it comes from.
 *
 * What `before` holds of an UPDATE or DELETE depends on the table's REPLICA IDENTITY: with DEFAULT the row before an UPDATE is missing, and
 * before a DELETE there is the key alone. An UPDATE that changes the key is told as a DELETE and an INSERT.
 */
import type { Row } from "../database-description.ts";
import type { Table } from "../storage/table.ts";
import type { CommittedTransaction, RowModification } from "../storage/wal.ts";

/** Where a change comes from. (Flink: docs/connectors/table/formats/debezium) */
export interface ChangeSource {
  /** Always `postgresql`. */
  readonly connector: string;
  /** The connector's logical name of the database. */
  readonly name: string;
  /** When the change was committed; for rows of a snapshot, when they were read. Epoch ms. */
  readonly ts_ms: number;
  /** `true` for rows that were read from the table, `false` for changes from the log. */
  readonly snapshot: "true" | "false";
  /** Name of the database. */
  readonly db: string;
  /** Schema of the table. */
  readonly schema: string;
  /** Name of the table. */
  readonly table: string;
  /** Number of the transaction, null in a snapshot. */
  readonly txId: number | null;
  /** Position in the log. */
  readonly lsn: number;
}

/** A change of one row, in Debezium's envelope. (Flink: docs/connectors/table/formats/debezium) */
export interface ChangeEvent<R = Row> {
  /** The row as it was, as far as the log has it; null for new rows. */
  readonly before: R | null;
  /** The row as it is now, null when it was deleted. */
  readonly after: R | null;
  /** Table, transaction and position. */
  readonly source: ChangeSource;
  /** `r` read from the table, `c` inserted, `u` updated, `d` deleted. */
  readonly op: "r" | "c" | "u" | "d";
  /** When the connector processed it, epoch ms. */
  readonly ts_ms: number;
}

/** A change and its key. Kafka Connect: `SourceRecord`. (Flink: docs/connectors/table/formats/debezium) */
export interface SourceRecord<R = Row> {
  /** The row's primary key; null in a table without one. */
  readonly key: Row | null;
  /** The change itself. */
  readonly value: ChangeEvent<R>;
}

/** What a connector adds to every event. */
export interface EventOrigin {
  readonly name: string;
  readonly database: string;
}

/** The row of a snapshot. */
export function snapshotRecord(origin: EventOrigin, table: Table, row: Row, readAtMs: number, lsn: number): SourceRecord {
  const source = sourceOf(origin, table, { ts_ms: readAtMs, snapshot: "true", txId: null, lsn });
  return { key: keyOf(table, row), value: { before: null, after: row, source, op: "r", ts_ms: readAtMs } };
}

/** The events of a change from the log: one, or two when the key has changed. */
export function changeRecords(
  origin: EventOrigin,
  transaction: CommittedTransaction,
  change: RowModification,
  processedAtMs: number,
): SourceRecord[] {
  const { table, op, before, after, lsn } = change;
  const source = sourceOf(origin, table, { ts_ms: transaction.committedAtMs, snapshot: "false", txId: transaction.xid, lsn });
  const deleted = (row: Row): SourceRecord => {
    const old = table.replicaIdentity === "full" ? row : table.keyOnly(row);
    return { key: keyOf(table, row), value: { before: old, after: null, source, op: "d", ts_ms: processedAtMs } };
  };
  const written = (row: Row, kind: "c" | "u", old: Row | null): SourceRecord => ({
    key: keyOf(table, row),
    value: { before: old, after: row, source, op: kind, ts_ms: processedAtMs },
  });
  if (op === "insert" || before === null) return [written(after as Row, "c", null)];
  if (op === "delete" || after === null) return [deleted(before)];
  if (table.primaryKey.length > 0 && !table.sameKey(before, after)) return [deleted(before), written(after, "c", null)];
  return [written(after, "u", table.replicaIdentity === "full" ? before : null)];
}

function sourceOf(
  { name, database }: EventOrigin,
  table: Table,
  place: Pick<ChangeSource, "ts_ms" | "snapshot" | "txId" | "lsn">,
): ChangeSource {
  return { connector: "postgresql", name, db: database, schema: table.schema, table: table.name, ...place };
}

function keyOf(table: Table, row: Row): Row | null {
  if (table.primaryKey.length === 0) return null;
  return Object.fromEntries(table.primaryKey.map((name) => [name, row[name]]));
}
