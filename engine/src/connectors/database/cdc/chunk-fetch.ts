/**
 * Reads one chunk of a table so that it is as if it had been read at a single moment of the log, without holding anybody up.
 * (Flink CDC: `AbstractScanFetchTask`, after Netflix's DBLog)
 *
 *   low watermark → SELECT the chunk → high watermark → changes of these rows between the two, from the log, on top of what was selected
 *
 * What comes out is the chunk as it is at the high watermark; changes behind it come from the log later. For the changes in between a
 * replication slot of its own is made first, since the log is kept for slots only; it is dropped at the end. A fetch that dies leaves it
 * behind, and the next fetch of the same reader uses it.
 */
import type { PostgresDatabase } from "../database.ts";
import type { Row } from "../database-description.ts";
import type { ReplicationStream } from "../replication/replication-stream.ts";
import { compareValues, type Table } from "../storage/table.ts";
import { isInChunk, type SnapshotSplit } from "./cdc-splits.ts";
import type { PostgresSourceConfig } from "./postgres-source-config.ts";

/** A chunk that has been read. */
export interface FetchedChunk {
  readonly table: Table;
  readonly rows: readonly Row[];
  readonly highWatermarkLsn: number;
}

export class ChunkFetch {
  readonly split: SnapshotSplit;
  /** When to go on, epoch ms: a step of the fetch takes until then. */
  nextStepMs: number;
  readonly #database: PostgresDatabase;
  readonly #config: PostgresSourceConfig;
  readonly #table: Table;
  readonly #slotName: string;
  readonly #lowWatermarkLsn: number = 0;
  #selected: readonly Row[] | null = null;

  /** Begins. @throws PostgresError */
  constructor(database: PostgresDatabase, config: PostgresSourceConfig, split: SnapshotSplit, subtask: number, nowMs: number) {
    this.#database = database;
    this.#config = config;
    this.split = split;
    this.#table = database.tables.get(split.table);
    this.#slotName = `${config.slotName}_${subtask}`;
    if (!config.skipSnapshotBackfill && database.slots.find(this.#slotName) === undefined) {
      database.createReplicationSlot(this.#slotName, config.plugin);
    }
    this.#lowWatermarkLsn = database.wal.insertLsn;
    this.nextStepMs = nowMs + Math.ceil(database.costMs(0));
  }

  /** Goes on when `nextStepMs` has come: first selects, then gives the chunk as it is by then. @throws PostgresError */
  step(nowMs: number): FetchedChunk | null {
    if (this.#selected !== null) return this.#finish(this.#selected);
    const client = this.#database.connect({
      spendMs: (durationMs) => {
        this.nextStepMs = nowMs + Math.ceil(durationMs);
      },
    });
    this.#selected = client.select(this.split.table, (row) => this.#contains(row));
    client.close();
    return null;
  }

  #finish(selected: readonly Row[]): FetchedChunk {
    const database = this.#database;
    const table = this.#table;
    database.health.requireAvailable(database.name);
    if (this.#config.skipSnapshotBackfill) return { table, rows: selected, highWatermarkLsn: this.#lowWatermarkLsn };
    const stream = database.startReplication(this.#slotName, this.#config.publication, this.#lowWatermarkLsn);
    const highWatermarkLsn = database.wal.insertLsn;
    const rows = this.#withChangesUpTo(stream, selected, highWatermarkLsn);
    stream.close();
    database.dropReplicationSlot(this.#slotName);
    return { table, rows, highWatermarkLsn };
  }

  #withChangesUpTo(stream: ReplicationStream, selected: readonly Row[], highWatermarkLsn: number): Row[] {
    const table = this.#table;
    const keyOf = (row: Row) => JSON.stringify(table.primaryKey.map((name) => row[name]));
    if (table.primaryKey.length === 0) return [...selected];
    const rows = new Map(selected.map((row) => [keyOf(row), row]));
    for (let next = stream.next(); next !== null && next.endLsn <= highWatermarkLsn; next = stream.next()) {
      for (const { table: changed, before, after } of next.changes) {
        if (changed !== table) continue;
        if (before !== null) rows.delete(keyOf(before));
        if (after !== null && this.#contains(after)) rows.set(keyOf(after), after);
      }
    }
    const { chunkKey } = this.split;
    return [...rows.values()].sort((left, right) => compareValues(left[chunkKey], right[chunkKey]));
  }

  #contains(row: Row): boolean {
    return isInChunk(row[this.split.chunkKey], this.split);
  }
}
