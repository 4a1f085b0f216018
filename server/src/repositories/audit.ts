/** The audit log. Entries are added and read, and removed only when they are old. */
import type { AuditEntry, AuditPage } from "../contract/index.ts";

export interface AuditFilter {
  /** Entries older than this one; null = from the newest on. */
  readonly before: number | null;
  readonly limit: number;
  /** Exactly this action; null = all. */
  readonly action: string | null;
  /** null = everybody's. */
  readonly actorId: string | null;
}

export interface AuditRepository {
  add(entry: Omit<AuditEntry, "id">): Promise<void>;
  page(filter: AuditFilter): Promise<AuditPage>;
  removeBefore(atMs: number): Promise<void>;
}
