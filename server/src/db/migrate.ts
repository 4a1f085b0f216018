/** Applies `migrations/NNNN-name.sql` in the order of their numbers, each once and in a transaction, and remembers them in `migrations`. */
import { readdirSync, readFileSync } from "node:fs";
import type Database from "better-sqlite3";

const FOLDER = new URL("./migrations/", import.meta.url);

/**
 * Brings the database to the newest schema. Two processes may start at once: the write lock decides.
 * @returns names applied now; throws when the database is newer than this program.
 */
export function migrate(database: Database.Database): readonly string[] {
  const names = readdirSync(FOLDER)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort();
  const applied: string[] = [];
  const run = database.transaction(() => {
    database.exec("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at_ms INTEGER NOT NULL)");
    const known = new Set(database.prepare("SELECT name FROM migrations").pluck().all() as string[]);
    const foreign = [...known].filter((name) => !names.includes(name));
    if (foreign.length > 0) throw new Error(`the database was written by a newer version: it knows ${foreign.join(", ")}`);
    for (const name of names) {
      if (known.has(name)) continue;
      database.exec(readFileSync(new URL(name, FOLDER), "utf8"));
      database.prepare("INSERT INTO migrations (name, applied_at_ms) VALUES (?, ?)").run(name, Date.now());
      applied.push(name);
    }
  });
  run.immediate();
  return applied;
}
