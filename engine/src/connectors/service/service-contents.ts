/** What a service knows: rows that the world gives, the last value per key of a topic, or the rows of a database's table. */
import { canonicalKey, type MapKey } from "../../base/canonical-key.ts";
import type { Row } from "../database/database-description.ts";
import type { PostgresDatabase } from "../database/database.ts";
import { PostgresError } from "../database/postgres-error.ts";
import type { Table } from "../database/storage/table.ts";
import type { LogBroker } from "../log/log-broker.ts";
import type { ServiceRow } from "./service-description.ts";

export interface ServiceContents {
  /** undefined = unknown key. */
  lookUp(key: unknown, nowMs: number): unknown;
  /** Nobody can look anything up right now. Absent = never. */
  readonly down?: boolean;
}

export class GivenRows implements ServiceContents {
  /** Rows of a key, from the earliest on. */
  private readonly byKey = new Map<MapKey, ServiceRow[]>();

  constructor(rows: readonly ServiceRow[]) {
    for (const row of rows) {
      const key = canonicalKey(row.key);
      const others = this.byKey.get(key);
      if (others === undefined) this.byKey.set(key, [row]);
      else others.push(row);
    }
    for (const rowsOfKey of this.byKey.values()) rowsOfKey.sort((a, b) => startOf(a) - startOf(b));
  }

  lookUp(key: unknown, nowMs: number): unknown {
    return this.byKey.get(canonicalKey(key))?.findLast((row) => startOf(row) <= nowMs)?.value;
  }
}

function startOf(row: ServiceRow): number {
  return row.fromMs ?? Number.NEGATIVE_INFINITY;
}

/** The table that a compacted topic stands for. Reads on, at each question, where it stopped at the last one. */
export class TopicTable implements ServiceContents {
  private readonly broker: LogBroker;
  private readonly topic: string;
  private readonly latest = new Map<string, unknown>();
  private readonly nextOffsets: number[];

  /** @throws UnknownTopic */
  constructor(broker: LogBroker, topic: string) {
    this.broker = broker;
    this.topic = topic;
    this.nextOffsets = new Array(broker.partitionCount(topic)).fill(0);
  }

  lookUp(key: unknown, _nowMs: number): unknown {
    this.readOn();
    return this.latest.get(String(key));
  }

  private readOn(): void {
    for (let index = 0; index < this.nextOffsets.length; index++) {
      const partition = this.broker.partition(this.topic, index);
      for (;;) {
        const offset = partition.nextReadable(this.nextOffsets[index], "read_committed");
        if (offset === -1) break;
        const { key, value } = partition.recordAt(offset);
        this.nextOffsets[index] = offset + 1;
        if (key === null) continue;
        if (value === null) this.latest.delete(key);
        else this.latest.set(key, value);
      }
    }
  }
}

/** A table of a database, as it is committed when somebody asks. A key of several columns is asked for as an object of them. */
export class DatabaseRows implements ServiceContents {
  private readonly database: PostgresDatabase;
  private readonly table: Table;

  /** @throws PostgresError 42P01, Error for a table without a primary key */
  constructor(database: PostgresDatabase, table: string) {
    this.database = database;
    this.table = database.tables.get(table);
    if (this.table.primaryKey.length === 0) throw new Error(`A service cannot look up rows of "${table}": the table has no primary key.`);
  }

  get down(): boolean {
    return !this.database.health.available;
  }

  lookUp(key: unknown, _nowMs: number): unknown {
    const { primaryKey } = this.table;
    const where = primaryKey.length === 1 ? { [primaryKey[0]]: key } : (key as Row);
    try {
      return this.table.slotByKey(where)?.latest ?? undefined;
    } catch (failure) {
      // A key that the column cannot hold is in no row.
      if (failure instanceof PostgresError) return undefined;
      throw failure;
    }
  }
}
