import type { CommitRequest } from "../../flow/sink.ts";

/** received = to be tried; retry = put off; committed and failed are final. */
type CommitState = "received" | "retry" | "committed" | "failed";

/** A request as it lies in a checkpoint. */
export interface PendingCommitSnapshot {
  readonly committable: unknown;
  readonly numberOfRetries: number;
  readonly state: CommitState;
}

/** Where a sink's commits are counted, under Flink's names. */
export interface CommitCounters {
  readonly total: { inc(): void };
  readonly successful: { inc(): void };
  readonly alreadyCommitted: { inc(): void };
  readonly failed: { inc(): void };
  readonly retried: { inc(): void };
}

/** One committable on its way to being committed (Flink: `CommitRequestImpl`). */
export class PendingCommit<Comm> implements CommitRequest<Comm> {
  /** What the committer is given. */
  readonly request: CommitRequest<Comm> = new CommitRequestHandle(this);
  private committable: Comm;
  private numberOfRetries: number;
  private state: CommitState;
  private readonly counters: CommitCounters;

  constructor(counters: CommitCounters, committable: Comm, numberOfRetries = 0, state: CommitState = "received") {
    this.counters = counters;
    this.committable = committable;
    this.numberOfRetries = numberOfRetries;
    this.state = state;
  }

  getCommittable(): Comm {
    return this.committable;
  }

  getNumberOfRetries(): number {
    return this.numberOfRetries;
  }

  retryLater(): void {
    this.state = "retry";
    this.numberOfRetries++;
    this.counters.retried.inc();
  }

  updateAndRetryLater(committable: Comm): void {
    this.committable = committable;
    this.retryLater();
  }

  signalAlreadyCommitted(): void {
    this.state = "committed";
    this.counters.alreadyCommitted.inc();
  }

  signalFailedWithKnownReason(_reason: unknown): void {
    this.state = "failed";
    this.counters.failed.inc();
  }

  signalFailedWithUnknownReason(reason: unknown): void {
    this.state = "failed";
    this.counters.failed.inc();
    throw new Error(`Failed to commit ${describe(this.committable)}`, { cause: reason });
  }

  get finished(): boolean {
    return this.state === "committed" || this.state === "failed";
  }

  get committed(): boolean {
    return this.state === "committed";
  }

  /** The committer is about to be asked. */
  select(): void {
    this.state = "received";
  }

  /** The committer has returned: no answer is a yes. */
  commitUnlessAnswered(): void {
    if (this.state !== "received") return;
    this.state = "committed";
    this.counters.successful.inc();
  }

  snapshot(copy: (committable: Comm) => unknown): PendingCommitSnapshot {
    return { committable: copy(this.committable), numberOfRetries: this.numberOfRetries, state: this.state };
  }

  toString(): string {
    return `${describe(this.committable)} (${this.state}, retry ${this.numberOfRetries})`;
  }
}

function describe(committable: unknown): string {
  return typeof committable === "string" ? committable : (JSON.stringify(committable) ?? String(committable));
}

class CommitRequestHandle<Comm> implements CommitRequest<Comm> {
  readonly #pending: PendingCommit<Comm>;

  constructor(pending: PendingCommit<Comm>) {
    this.#pending = pending;
  }

  getCommittable(): Comm {
    return this.#pending.getCommittable();
  }

  getNumberOfRetries(): number {
    return this.#pending.getNumberOfRetries();
  }

  retryLater(): void {
    this.#pending.retryLater();
  }

  updateAndRetryLater(committable: Comm): void {
    this.#pending.updateAndRetryLater(committable);
  }

  signalAlreadyCommitted(): void {
    this.#pending.signalAlreadyCommitted();
  }

  signalFailedWithKnownReason(reason: unknown): void {
    this.#pending.signalFailedWithKnownReason(reason);
  }

  signalFailedWithUnknownReason(reason: unknown): void {
    this.#pending.signalFailedWithUnknownReason(reason);
  }

  toString(): string {
    return this.#pending.toString();
  }
}
