/** `AuditRepository` on SQLite through Drizzle. */
import type { AuditEntry, AuditPage } from "../contract/index.ts";
import { auditEntries } from "../db/account-tables.ts";
import { and, type BetterSQLite3Database, desc, eq, lt } from "../db/drizzle.ts";
import type { AuditFilter, AuditRepository } from "./audit.ts";

export class DrizzleAudit implements AuditRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async add(entry: Omit<AuditEntry, "id">): Promise<void> {
    this.#db.insert(auditEntries).values(entry).run();
  }

  async page({ before, limit, action, actorId }: AuditFilter): Promise<AuditPage> {
    const rows = this.#db
      .select()
      .from(auditEntries)
      .where(
        and(
          ...(before === null ? [] : [lt(auditEntries.id, before)]),
          ...(action === null ? [] : [eq(auditEntries.action, action)]),
          ...(actorId === null ? [] : [eq(auditEntries.actorId, actorId)]),
        ),
      )
      .orderBy(desc(auditEntries.id))
      .limit(limit + 1)
      .all();
    const entries = rows.slice(0, limit);
    return { entries, next: rows.length > limit ? entries.at(-1)!.id : null };
  }

  async removeBefore(atMs: number): Promise<void> {
    this.#db.delete(auditEntries).where(lt(auditEntries.atMs, atMs)).run();
  }
}
