/**
 * `millrace restore FILE`: puts a backup in the place of the database. The backup is checked and made ready beside it first; what was there is
 * kept under another name. Refused while a server runs on the folder.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Config } from "../config/config.ts";
import { BackupBroken, checkBackup, prepareRestored } from "../db/check-backup.ts";
import { databaseFile } from "../db/database.ts";
import { DataInUse, lockData } from "../db/data-lock.ts";
import { CommandError } from "./command-error.ts";

/** SQLite's log and index beside a database; both belong to it. */
const BESIDE = ["-wal", "-shm"] as const;

export async function restoreCommand(args: readonly string[], { dataDir }: Config): Promise<void> {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new CommandError("expected millrace restore FILE");
  const file = resolve(name);
  if (!existsSync(file) || !statSync(file).isFile()) throw new CommandError(`There is no file ${file}.`);
  mkdirSync(dataDir, { recursive: true });
  const unlock = lockAlone(dataDir);
  const database = databaseFile(dataDir);
  const next = `${database}.restoring`;
  try {
    removeDatabase(next);
    copyFileSync(file, next);
    checkBackup(next);
    prepareRestored(next);
    const kept = moveAway(database);
    renameSync(next, database);
    process.stdout.write(`Restored from ${file}\n${kept === null ? "" : `What was there before is kept as ${kept}\n`}`);
  } catch (error) {
    if (error instanceof BackupBroken)
      throw new CommandError(`${file} cannot be restored, ${error.message}. Nothing was changed.`, { cause: error });
    throw error;
  } finally {
    removeDatabase(next);
    unlock();
  }
}

function lockAlone(dataDir: string): () => void {
  try {
    return lockData(dataDir, "alone");
  } catch (error) {
    if (error instanceof DataInUse) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}

/** The new name; null when there was nothing. Its log goes along: it may hold the last changes. */
function moveAway(database: string): string | null {
  if (!existsSync(database)) return null;
  const stamp = new Date().toISOString().replace(/[:.]/g, "-");
  const kept = `${database}.before-${stamp}`;
  for (const end of BESIDE) if (existsSync(database + end)) renameSync(database + end, kept + end);
  renameSync(database, kept);
  return kept;
}

function removeDatabase(file: string): void {
  for (const end of ["", "-journal", ...BESIDE]) rmSync(file + end, { force: true });
}
