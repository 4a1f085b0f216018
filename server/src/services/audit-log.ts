/** Writes the audit log. What is done by hand on the server's machine (`npx millrace …`) has no address. */
import type { AuditEntry, AuditOutcome } from "../contract/index.ts";
import type { AuditRepository } from "../repositories/audit.ts";
import type { Viewer } from "./accounts/viewer.ts";

/** Every action that is written down. */
export type AuditAction =
  | "session.login"
  | "session.logout"
  | "session.end-all"
  | "user.add"
  | "user.register"
  | "user.role"
  | "user.active"
  | "user.remove"
  | "user.password"
  | "user.password-link"
  | "invitation.add"
  | "invitation.remove"
  | "class.add"
  | "class.join"
  | "class.leave"
  | "class.remove"
  | "class.instructor"
  | "pack.upload"
  | "pack.status"
  | "pack.verify"
  | "pack.remove"
  | "rejudge.add"
  | "rejudge.apply"
  | "rejudge.cancel";

export interface Deed {
  readonly action: AuditAction;
  readonly target?: string | null;
  /** Default `done`. */
  readonly outcome?: AuditOutcome;
  readonly detail?: string | null;
}

/** Who is behind a deed, and from where. */
export interface Origin {
  readonly viewer: Pick<Viewer, "id" | "name"> | null;
  readonly address: string | null;
}

/** So long entries are kept. */
const KEPT_MS = 400 * 24 * 3_600_000;

export class AuditLog {
  readonly #entries: AuditRepository;
  readonly #now: () => number;

  constructor(entries: AuditRepository, now: () => number) {
    this.#entries = entries;
    this.#now = now;
  }

  async add({ viewer, address }: Origin, { action, target = null, outcome = "done", detail = null }: Deed): Promise<void> {
    const entry: Omit<AuditEntry, "id"> = {
      atMs: this.#now(),
      actorId: viewer?.id ?? null,
      actorName: viewer?.name ?? null,
      address,
      action,
      target,
      outcome,
      detail,
    };
    await this.#entries.add(entry);
  }

  /** Forgets what is older than 400 days. */
  async prune(): Promise<void> {
    await this.#entries.removeBefore(this.#now() - KEPT_MS);
  }
}
