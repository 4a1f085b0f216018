import { Diagnostic } from "../../../base/diagnostic.ts";
import type { OutsideWorld } from "../../../flow/operator.ts";
import { systemsOf } from "../../systems/outside-system.ts";
import { PostgresDatabase } from "../database.ts";
import type { Table } from "../storage/table.ts";
import type { StartupMode } from "./startup-options.ts";

/** What a CDC source was built with. */
export interface PostgresSourceConfig {
  readonly database: string;
  readonly schemaList: readonly string[];
  /** Patterns for `schema.table`; empty = every table of the schemas. */
  readonly tableList: readonly string[];
  readonly slotName: string;
  readonly plugin: string;
  readonly publication: string;
  readonly startup: StartupMode;
  readonly splitSize: number;
  readonly distributionFactorUpper: number;
  readonly distributionFactorLower: number;
  readonly chunkKeyColumn: string | undefined;
  readonly skipSnapshotBackfill: boolean;
  readonly lsnCommitCheckpointsDelay: number;
  /** 0 = no heartbeats. */
  readonly heartbeatIntervalMs: number;
  /** Debezium's `poll.interval.ms`: changes are fetched so often. */
  readonly pollIntervalMs: number;
}

/** The logical name that Flink CDC gives its databases. */
export const SERVER_NAME = "postgres_cdc_source";

/** @throws Diagnostic SYSTEM_UNKNOWN */
export function databaseOf(config: PostgresSourceConfig, outside: OutsideWorld): PostgresDatabase {
  return systemsOf(outside).get(config.database, PostgresDatabase);
}

/** The tables that the source captures. @throws Diagnostic CDC_NO_TABLES */
export function capturedTables(config: PostgresSourceConfig, database: PostgresDatabase): readonly Table[] {
  const captured = database.tables.all().filter((table) => isCaptured(config, table));
  if (captured.length > 0) return captured;
  throw new Diagnostic({
    code: "CDC_NO_TABLES",
    message: `Can't find any matched tables, please check your configured database-name: [${config.database}] and table-name: [${config.tableList.join(", ")}]`,
    phase: "runtime",
    found: config.tableList.join(", "),
    expected: `patterns for ${database.tables
      .all()
      .map(({ qualifiedName }) => qualifiedName)
      .join(", ")}`,
    hint: 'Tables are named with their schema, e.g. tableList("public.orders").',
  });
}

export function isCaptured({ schemaList, tableList }: PostgresSourceConfig, table: Table): boolean {
  const matches = (patterns: readonly string[], name: string) =>
    patterns.length === 0 || patterns.some((pattern) => new RegExp(`^(?:${pattern})$`, "i").test(name));
  return matches(schemaList, table.schema) && matches(tableList, table.qualifiedName);
}

/** The column by which a table is cut into chunks. @throws Diagnostic CDC_NO_CHUNK_KEY, CDC_UNKNOWN_CHUNK_KEY */
export function chunkKeyOf({ chunkKeyColumn }: PostgresSourceConfig, table: Table): string {
  if (chunkKeyColumn !== undefined) {
    if (table.columns.some(({ name }) => name === chunkKeyColumn)) return chunkKeyColumn;
    throw new Diagnostic({
      code: "CDC_UNKNOWN_CHUNK_KEY",
      message: `Chunk key column '${chunkKeyColumn}' doesn't exist in the table ${table.qualifiedName}.`,
      phase: "runtime",
      found: chunkKeyColumn,
      expected: `one of ${table.columns.map(({ name }) => name).join(", ")}`,
    });
  }
  if (table.primaryKey.length > 0) return table.primaryKey[0];
  throw new Diagnostic({
    code: "CDC_NO_CHUNK_KEY",
    message:
      "To use incremental snapshot, 'scan.incremental.snapshot.chunk.key-column' must be set when the table doesn't have primary keys.",
    phase: "runtime",
    found: table.qualifiedName,
    hint: 'Call chunkKeyColumn("…") with a column that is rarely null and does not change.',
  });
}
