/** `millrace backup FILE`: copies the database into one file while the server runs. The file appears whole or not at all. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Config } from "../config/config.ts";
import { BackupBroken, checkBackup } from "../db/check-backup.ts";
import { databaseFile, openDatabase } from "../db/database.ts";
import { CommandError } from "./command-error.ts";

export async function backupCommand(args: readonly string[], { dataDir }: Config): Promise<void> {
  const options = { force: { type: "boolean", default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new CommandError("expected millrace backup FILE [--force]");
  const file = resolve(name);
  if (existsSync(file) && !values.force)
    throw new CommandError(`${file} is there already. Choose another name, or replace it with --force.`);
  if (!existsSync(databaseFile(dataDir))) throw new CommandError(`${dataDir} holds no database.`);
  const part = `${file}.part`;
  try {
    const database = openDatabase(dataDir);
    try {
      await database.backup(part);
    } finally {
      database.close();
    }
    checkBackup(part);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof BackupBroken) throw new CommandError(`The copy was not kept, ${error.message}.`, { cause: error });
    if (isOfFiles(error)) throw new CommandError(`${file} cannot be written: ${error.message}`, { cause: error });
    throw error;
  }
  process.stdout.write(`Backed up to ${file}\n`);
}

function isOfFiles(error: unknown): error is Error {
  const { code } = error as NodeJS.ErrnoException;
  return (
    ["ENOENT", "EACCES", "EISDIR", "ENOTDIR", "ENOSPC", "EROFS", "SQLITE_CANTOPEN", "SQLITE_FULL"].includes(code ?? "") ||
    error instanceof TypeError
  );
}
