/** What routes are made from: composed in `compose.ts`, handed to each route file by name. */
import type { Config } from "./config/config.ts";
import type { AccountService } from "./services/accounts/account-service.ts";
import type { SessionService } from "./services/accounts/session-service.ts";
import type { AuditLog } from "./services/audit-log.ts";
import type { Catalog } from "./services/catalog/catalog.ts";
import type { LearnerVersions } from "./services/catalog/learner-versions.ts";
import type { JudgeGate } from "./services/judge/judge-gate.ts";
import type { Metrics } from "./services/metrics.ts";
import type { PackLibrary } from "./services/packs/pack-library.ts";
import type { Signals } from "./services/queue/signals.ts";
import type { RateLimits } from "./services/rate-limits.ts";
import type { RunLane } from "./services/run-lane.ts";
import type { Stores } from "./stores.ts";

/** What routes need of the queue. */
export interface QueueDoor {
  /** Says that there may be work. */
  wake(): void;
  /** When to come again, if so many wait. */
  retryAfterS(waiting: number): number;
}

/** Who may come in, as the operator set it. */
export type AccessSettings = Pick<Config, "accounts" | "registration" | "host" | "publicUrl">;

export interface Parts extends Stores {
  readonly catalog: Catalog;
  readonly judge: JudgeGate;
  readonly signals: Signals;
  readonly runs: RunLane;
  readonly checks: RunLane;
  readonly queue: QueueDoor;
  readonly version: string;
  readonly access: AccessSettings;
  readonly accounts: AccountService;
  readonly sessions: SessionService;
  readonly limits: RateLimits;
  readonly audit: AuditLog;
  readonly metrics: Metrics;
  readonly library: PackLibrary;
  readonly learnerVersions: LearnerVersions;
  readonly now: () => number;
}
