/** All repositories over one database. */
import type { OpenDatabase } from "./db/database.ts";
import type { AuditRepository } from "./repositories/audit.ts";
import { DrizzleAudit } from "./repositories/drizzle-audit.ts";
import { DrizzleClasses } from "./repositories/drizzle-classes.ts";
import { DrizzleDrafts } from "./repositories/drizzle-drafts.ts";
import { DrizzlePacks } from "./repositories/drizzle-packs.ts";
import { DrizzleProgress } from "./repositories/drizzle-progress.ts";
import { DrizzleRejudges } from "./repositories/drizzle-rejudges.ts";
import { DrizzleReviews } from "./repositories/drizzle-reviews.ts";
import { DrizzleSubmissions } from "./repositories/drizzle-submissions.ts";
import { DrizzleUsers } from "./repositories/drizzle-users.ts";
import { DrizzleVersions } from "./repositories/drizzle-versions.ts";
import type { ClassRepository } from "./repositories/classes.ts";
import type { DraftRepository } from "./repositories/drafts.ts";
import type { PackRepository } from "./repositories/packs.ts";
import type { ProgressRepository } from "./repositories/progress.ts";
import type { RejudgeRepository } from "./repositories/rejudges.ts";
import type { ReviewRepository } from "./repositories/reviews.ts";
import type { VersionRepository } from "./repositories/versions.ts";
import type { SubmissionRepository } from "./repositories/submissions.ts";
import type { UserRepository } from "./repositories/users.ts";

export interface Stores {
  readonly submissions: SubmissionRepository;
  readonly rejudges: RejudgeRepository;
  readonly users: UserRepository;
  readonly auditEntries: AuditRepository;
  readonly drafts: DraftRepository;
  readonly classes: ClassRepository;
  readonly packs: PackRepository;
  readonly progress: ProgressRepository;
  readonly reviews: ReviewRepository;
  readonly versions: VersionRepository;
}

export function openStores({ db }: Pick<OpenDatabase, "db">): Stores {
  return {
    submissions: new DrizzleSubmissions(db),
    rejudges: new DrizzleRejudges(db),
    users: new DrizzleUsers(db),
    auditEntries: new DrizzleAudit(db),
    drafts: new DrizzleDrafts(db),
    classes: new DrizzleClasses(db),
    packs: new DrizzlePacks(db),
    progress: new DrizzleProgress(db),
    reviews: new DrizzleReviews(db),
    versions: new DrizzleVersions(db),
  };
}
