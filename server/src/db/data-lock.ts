/**
 * Who works on the data folder: any number of servers and commands share it, a restore has it alone. The lock is one of SQLite on a file of its
 * own, held by an open transaction; the system lets go of it with the process, however that ends, and it works alike on all systems.
 */
import { join } from "node:path";
import Sqlite from "better-sqlite3";

/** The folder is in use: by a server or a command (who wants it alone), or by a restore (who wants to share it). */
export class DataInUse extends Error {
  override readonly name = "DataInUse";
}

/** Takes the lock until the returned function is called; throws DataInUse at once when it cannot be had. The folder must exist. */
export function lockData(dataDir: string, how: "shared" | "alone"): () => void {
  const lock = new Sqlite(join(dataDir, "millrace.lock"));
  try {
    lock.pragma(`busy_timeout = ${how === "shared" ? 2_000 : 0}`);
    if (how === "alone") lock.exec("BEGIN EXCLUSIVE");
    else {
      lock.exec("CREATE TABLE IF NOT EXISTS users (id INTEGER)");
      // A transaction that has read keeps its shared lock; an exclusive one has to wait for it.
      lock.exec("BEGIN");
      lock.prepare("SELECT count(*) FROM users").get();
    }
  } catch (error) {
    lock.close();
    const { code = "" } = error as { code?: string };
    if (!code.startsWith("SQLITE_BUSY")) throw error;
    throw new DataInUse(
      how === "alone"
        ? `${dataDir} is in use by a server or by another command. Stop it first.`
        : `${dataDir} is being restored from a backup. Try again when that is done.`,
      { cause: error },
    );
  }
  return () => void lock.close();
}
