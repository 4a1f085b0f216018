/** The audit log: who did what, on what, when, and what came of it. */

export type AuditOutcome = "done" | "refused";

export interface AuditEntry {
  readonly id: number;
  readonly atMs: number;
  /** null = nobody who is known. */
  readonly actorId: string | null;
  /** The name at that time. */
  readonly actorName: string | null;
  /** null = from the command line. */
  readonly address: string | null;
  /** E.g. `session.login`, `user.role`, `rejudge.apply`. */
  readonly action: string;
  /** Id of what it was done to. */
  readonly target: string | null;
  readonly outcome: AuditOutcome;
  /** More, as a sentence or a code. */
  readonly detail: string | null;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** Ask again with `before` set to this; null = these were the oldest. */
  readonly next: number | null;
}
