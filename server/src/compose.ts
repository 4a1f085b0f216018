/** Makes the parts from what they are made of; the server and the tests do so alike. */
import type { FastifyBaseLogger } from "fastify";
import { MAX_WAITING_RUNS, RUNS_AT_ONCE } from "./limits.ts";
import type { AccessSettings, Parts, QueueDoor } from "./parts.ts";
import { AccountService } from "./services/accounts/account-service.ts";
import { PasswordHasher, type ScryptCost } from "./services/accounts/password-hash.ts";
import { SessionService } from "./services/accounts/session-service.ts";
import { AuditLog } from "./services/audit-log.ts";
import type { Catalog } from "./services/catalog/catalog.ts";
import { JudgeGate } from "./services/judge/judge-gate.ts";
import type { JudgeService } from "./services/judge/judge-service.ts";
import { Metrics } from "./services/metrics.ts";
import type { Signals } from "./services/queue/signals.ts";
import { type Allowances, RateLimits } from "./services/rate-limits.ts";
import { RunLane, type RunLaneOptions } from "./services/run-lane.ts";
import type { Stores } from "./stores.ts";

export interface ComposeFrom {
  readonly config: AccessSettings & { readonly version: string };
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
  /** Default: what `limits.ts` says. */
  readonly runLane?: RunLaneOptions;
}

export function composeParts(from: ComposeFrom): Parts {
  const { config, catalog, judge, stores, signals, queue, log, now = Date.now, passwordCost, allowances } = from;
  const { runLane = { atOnce: RUNS_AT_ONCE, maxWaiting: MAX_WAITING_RUNS } } = from;
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
    sessions: new SessionService(stores.users, now),
    limits: new RateLimits(now, allowances),
    metrics: new Metrics(),
    audit: new AuditLog(stores.auditEntries, now),
    now,
  };
}
