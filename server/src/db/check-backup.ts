/** Whether a file is a database of this product that is whole and not newer than this program. */
import { closeSync, openSync, readSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { migrate } from "./migrate.ts";

const MAGIC = "SQLite format 3\u0000";

/** The message says what is wrong with the file. */
export class BackupBroken extends Error {
  override readonly name = "BackupBroken";
}

/** Reads all of the file; throws BackupBroken. */
export function checkBackup(file: string): void {
  if (!isSqlite(file)) throw new BackupBroken("it is no SQLite database");
  const sqlite = new Sqlite(file, { fileMustExist: true });
  try {
    const findings = sqlite.pragma("integrity_check(1)") as readonly { readonly integrity_check: string }[];
    if (findings[0]?.integrity_check !== "ok") throw new BackupBroken(`it is damaged: ${findings[0]?.integrity_check}`);
    if ((sqlite.pragma("foreign_key_check") as unknown[]).length > 0)
      throw new BackupBroken("it is damaged: rows refer to rows that are missing");
    const tables = sqlite.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('migrations', 'submissions')").pluck().get();
    if (tables !== 2) throw new BackupBroken("it is a database of another program");
  } catch (error) {
    throw readable(error);
  } finally {
    sqlite.close();
  }
}

/**
 * Makes a checked copy ready to be used: its schema is brought up to date, and sessions and links end, since some of them may have been ended after the
 * backup was made. Leaves one file, without a log beside it. Throws BackupBroken when it is newer than this program.
 */
export function prepareRestored(file: string): void {
  const sqlite = new Sqlite(file, { fileMustExist: true });
  try {
    sqlite.pragma("journal_mode = DELETE");
    sqlite.pragma("foreign_keys = ON");
    migrate(sqlite);
    sqlite.exec("DELETE FROM sessions; DELETE FROM password_links;");
  } catch (error) {
    throw readable(error);
  } finally {
    sqlite.close();
  }
}

function isSqlite(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const head = Buffer.alloc(MAGIC.length);
    return readSync(descriptor, head, 0, head.length, 0) === head.length && head.toString("latin1") === MAGIC;
  } finally {
    closeSync(descriptor);
  }
}

function readable(error: unknown): Error {
  if (error instanceof BackupBroken) return error;
  return new BackupBroken((error as Error).message, { cause: error });
}
