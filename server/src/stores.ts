/** All repositories over one database. */
import type { OpenDatabase } from "./db/database.ts";
import type { AuditRepository } from "./repositories/audit.ts";
import { DrizzleAudit } from "./repositories/drizzle-audit.ts";
import { DrizzleRejudges } from "./repositories/drizzle-rejudges.ts";
import { DrizzleSubmissions } from "./repositories/drizzle-submissions.ts";
import { DrizzleUsers } from "./repositories/drizzle-users.ts";
import type { RejudgeRepository } from "./repositories/rejudges.ts";
import type { SubmissionRepository } from "./repositories/submissions.ts";
import type { UserRepository } from "./repositories/users.ts";

export interface Stores {
  readonly submissions: SubmissionRepository;
  readonly rejudges: RejudgeRepository;
  readonly users: UserRepository;
  readonly auditEntries: AuditRepository;
}

export function openStores({ db }: Pick<OpenDatabase, "db">): Stores {
  return {
    submissions: new DrizzleSubmissions(db),
    rejudges: new DrizzleRejudges(db),
    users: new DrizzleUsers(db),
    auditEntries: new DrizzleAudit(db),
  };
}
