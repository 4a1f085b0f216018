/** Writes that do not wait for the disk. */
import { type BetterSQLite3Database, sql } from "./drizzle.ts";

/**
 * For writes that nobody was promised: progress, leases, drafts (the browser has them as well), when a session was used. They survive the end of the process,
 * but a power cut may undo the last of them, for they do not wait until the disk has them, which takes 5 ms on a common one, while nothing else is done. The
 * next write that waits takes them along. https://sqlite.org/pragma.html#pragma_synchronous
 *
 * @param write must be a transaction of its own, or one statement
 */
export function withoutDisk<T>(db: BetterSQLite3Database, write: () => T): T {
  db.run(sql`PRAGMA synchronous = NORMAL`);
  try {
    return write();
  } finally {
    db.run(sql`PRAGMA synchronous = FULL`);
  }
}
