/** Opens the SQLite file: write-ahead log, so that readers never wait; full sync, so that what was acknowledged survives a power cut (what nobody was promised does not wait: without-disk.ts). */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { lockData } from "./data-lock.ts";
import { type BetterSQLite3Database, drizzle } from "./drizzle.ts";
import { migrate } from "./migrate.ts";

export interface OpenDatabase {
  readonly db: BetterSQLite3Database;
  /** Copies everything into a new file while the work goes on. */
  backup(file: string): Promise<void>;
  close(): void;
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, "millrace.sqlite");
}

/** Creates the folder and file `millrace.sqlite` when missing and migrates it. Throws DataInUse while the folder is being restored. */
export function openDatabase(dataDir: string): OpenDatabase {
  mkdirSync(dataDir, { recursive: true });
  const unlock = lockData(dataDir, "shared");
  const opened: { sqlite?: Sqlite.Database } = {};
  const close = (): void => {
    opened.sqlite?.close();
    unlock();
  };
  try {
    const sqlite = new Sqlite(databaseFile(dataDir));
    opened.sqlite = sqlite;
    sqlite.pragma("busy_timeout = 5000");
    sqlite.pragma("journal_mode = WAL");
    sqlite.pragma("synchronous = FULL");
    sqlite.pragma("foreign_keys = ON");
    migrate(sqlite);
    const backup = async (file: string): Promise<void> => void (await sqlite.backup(file));
    return { db: drizzle(sqlite), backup, close };
  } catch (error) {
    close();
    throw error;
  }
}
