/** Opens the SQLite file: write-ahead log, so that readers never wait; full sync, so that what was acknowledged survives a power cut. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "./drizzle.ts";
import { migrate } from "./migrate.ts";

export interface OpenDatabase {
  readonly db: BetterSQLite3Database;
  close(): void;
}

/** Creates the folder and file `millrace.sqlite` when missing and migrates it. */
export function openDatabase(dataDir: string): OpenDatabase {
  mkdirSync(dataDir, { recursive: true });
  const sqlite = new Sqlite(join(dataDir, "millrace.sqlite"));
  try {
    sqlite.pragma("busy_timeout = 5000");
    sqlite.pragma("journal_mode = WAL");
    sqlite.pragma("synchronous = FULL");
    sqlite.pragma("foreign_keys = ON");
    migrate(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return { db: drizzle(sqlite), close: () => void sqlite.close() };
}
