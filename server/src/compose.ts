/** Makes the parts from what they are made of; the server and the tests do so alike. */
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import type { Config } from "./config/config.ts";
import { MAX_WAITING_RUNS, RUNS_AT_ONCE } from "./limits.ts";
import type { AccessSettings, Parts, QueueDoor } from "./parts.ts";
import { AccountService } from "./services/accounts/account-service.ts";
import { PasswordHasher, type ScryptCost } from "./services/accounts/password-hash.ts";
import { SessionService } from "./services/accounts/session-service.ts";
import { AuditLog } from "./services/audit-log.ts";
import type { Catalog } from "./services/catalog/catalog.ts";
import { LearnerVersions } from "./services/catalog/learner-versions.ts";
import { JudgeGate } from "./services/judge/judge-gate.ts";
import type { JudgeService } from "./services/judge/judge-service.ts";
import { Metrics } from "./services/metrics.ts";
import { PackLibrary } from "./services/packs/pack-library.ts";
import { GraderPackVerifier, type PackVerifier } from "./services/packs/pack-verifier.ts";
import type { Signals } from "./services/queue/signals.ts";
import { type Allowances, RateLimits } from "./services/rate-limits.ts";
import { RunLane, type RunLaneOptions } from "./services/run-lane.ts";
import type { Stores } from "./stores.ts";

export interface ComposeFrom {
  readonly config: AccessSettings & Pick<Config, "version" | "dataDir">;
  readonly catalog: Catalog;
  readonly judge: JudgeService;
  readonly stores: Stores;
  readonly signals: Signals;
  readonly queue: QueueDoor;
  readonly log: FastifyBaseLogger;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: () => number;
  /** Default: what `password-hash.ts` says. */
  readonly passwordCost?: ScryptCost;
  /** Default: what `rate-limits.ts` says. */
  readonly allowances?: Allowances;
  /** Default: the grader. */
  readonly verifier?: PackVerifier;
  /** Default: what `limits.ts` says. */
  readonly runLane?: RunLaneOptions;
}

export function composeParts(from: ComposeFrom): Parts {
  const { config, catalog, judge, stores, signals, queue, log, now = Date.now, passwordCost, allowances } = from;
  const { verifier = new GraderPackVerifier(), runLane = { atOnce: RUNS_AT_ONCE, maxWaiting: MAX_WAITING_RUNS } } = from;
  const { version, accounts, registration, host, publicUrl } = config;
  return {
    ...stores,
    catalog,
    judge: new JudgeGate(judge, log),
    signals,
    runs: new RunLane(runLane),
    checks: new RunLane(runLane),
    queue,
    version,
    access: { accounts, registration, host, publicUrl },
    accounts: new AccountService(stores.users, new PasswordHasher(passwordCost), now),
    sessions: new SessionService(stores.users, signals, now),
    limits: new RateLimits(now, allowances),
    metrics: new Metrics(),
    library: new PackLibrary({ dir: join(config.dataDir, "packs"), stores, catalog, judge, verifier, signals, log, now }),
    learnerVersions: new LearnerVersions(catalog, stores.versions),
    audit: new AuditLog(stores.auditEntries, now),
    now,
  };
}
