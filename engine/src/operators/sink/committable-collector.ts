/**
 * The committables that wait for their checkpoint, by checkpoint and by the subtask that made them (Flink: `CommittableCollector`).
 *
 * A summary announces how many committables of a subtask follow; committing before all of them are there would lose the rest, so that is
 * refused. A checkpoint that has been committed completely is forgotten.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Committer } from "../../flow/sink.ts";
import { copyValue } from "../../types/value-codec.ts";
import type { CommittableMessage, CommittableSummary, CommittableWithLineage } from "./committable-message.ts";
import { type CommitCounters, PendingCommit, type PendingCommitSnapshot } from "./pending-commit.ts";

/** As it lies in a checkpoint: plain data. */
export interface CommittablesSnapshot {
  readonly checkpoints: readonly {
    readonly checkpointId: number;
    readonly numberOfSubtasks: number;
    readonly subtasks: readonly {
      readonly subtaskId: number;
      readonly requests: readonly PendingCommitSnapshot[];
      readonly numberOfFailed: number;
    }[];
  }[];
}

export class CommittableCollector<Comm> {
  private readonly checkpoints = new Map<number, CheckpointCommittables<Comm>>();
  private readonly counters: CommitCounters;

  constructor(counters: CommitCounters) {
    this.counters = counters;
  }

  addMessage(message: CommittableMessage<Comm>): void {
    if (message.kind === "summary") this.addSummary(message);
    else this.addCommittable(message);
  }

  /** Committables that are neither committed nor given up. */
  get numberOfPending(): number {
    let pending = 0;
    for (const checkpoint of this.checkpoints.values()) pending += checkpoint.numberOfPending;
    return pending;
  }

  /** Oldest checkpoint first. */
  upTo(checkpointId: number): CheckpointCommittables<Comm>[] {
    return [...this.checkpoints.values()]
      .filter((one) => one.checkpointId <= checkpointId)
      .sort((left, right) => left.checkpointId - right.checkpointId);
  }

  remove(committables: CheckpointCommittables<Comm>): void {
    this.checkpoints.delete(committables.checkpointId);
  }

  snapshot(): CommittablesSnapshot {
    return { checkpoints: this.upTo(Number.POSITIVE_INFINITY).map((one) => one.snapshot()) };
  }

  /** Takes over what another subtask, or this one before the restart, was waiting to commit. */
  merge({ checkpoints }: CommittablesSnapshot): void {
    for (const { checkpointId, numberOfSubtasks, subtasks } of checkpoints) {
      this.checkpoint(checkpointId, numberOfSubtasks).restore(subtasks, this.counters);
    }
  }

  private addSummary(summary: CommittableSummary): void {
    this.checkpoint(summary.checkpointId, summary.numberOfSubtasks).addSummary(summary);
  }

  private addCommittable(message: CommittableWithLineage<Comm>): void {
    const checkpoint = this.checkpoints.get(message.checkpointId);
    if (checkpoint === undefined) throw unexpectedCommittable(`Unknown checkpoint for ${place(message)}.`);
    checkpoint.addCommittable(message, this.counters);
  }

  private checkpoint(checkpointId: number, numberOfSubtasks: number): CheckpointCommittables<Comm> {
    let checkpoint = this.checkpoints.get(checkpointId);
    if (checkpoint === undefined) {
      checkpoint = new CheckpointCommittables<Comm>(checkpointId, numberOfSubtasks);
      this.checkpoints.set(checkpointId, checkpoint);
    }
    return checkpoint;
  }
}

interface SubtaskCommittables<Comm> {
  readonly requests: PendingCommit<Comm>[];
  expected: number;
  failed: number;
}

/** What one checkpoint carried (Flink: `CheckpointCommittableManager`). */
export class CheckpointCommittables<Comm> {
  readonly checkpointId: number;
  /** Of the operator that sent the summaries. */
  readonly numberOfSubtasks: number;
  private readonly subtasks = new Map<number, SubtaskCommittables<Comm>>();

  constructor(checkpointId: number, numberOfSubtasks: number) {
    this.checkpointId = checkpointId;
    this.numberOfSubtasks = numberOfSubtasks;
  }

  /** Every subtask's summary is there, with all that it announced. */
  get complete(): boolean {
    return this.subtasks.size === this.numberOfSubtasks && this.bySubtask().every(([, subtask]) => hasReceivedAll(subtask));
  }

  get numberOfPending(): number {
    return this.bySubtask().reduce((sum, [, { requests }]) => sum + requests.filter((request) => !request.finished).length, 0);
  }

  get numberOfFailed(): number {
    return this.bySubtask().reduce((sum, [, { failed }]) => sum + failed, 0);
  }

  /** What has been committed, in order. */
  get successful(): Comm[] {
    return this.bySubtask().flatMap(([, { requests }]) => requests.filter((one) => one.committed).map((one) => one.getCommittable()));
  }

  addSummary(summary: CommittableSummary): void {
    const { subtaskId } = summary;
    if (this.subtasks.has(subtaskId)) {
      throw unexpectedCommittable(`Received duplicate committable summary for checkpoint ${this.checkpointId} + subtask ${subtaskId}.`);
    }
    this.subtasks.set(subtaskId, { requests: [], expected: summary.numberOfCommittables, failed: 0 });
  }

  addCommittable(message: CommittableWithLineage<Comm>, counters: CommitCounters): void {
    const subtask = this.subtasks.get(message.subtaskId);
    if (subtask === undefined) throw unexpectedCommittable(`Unknown subtask for ${place(message)}.`);
    if (subtask.requests.length >= subtask.expected) throw unexpectedCommittable(`Already received all committables: ${place(message)}.`);
    subtask.requests.push(new PendingCommit<Comm>(counters, message.committable));
    counters.total.inc();
  }

  /**
   * Asks the committer until nothing is put off any more.
   *
   * @throws Error when something is still put off after `maxRetries` further tries. The requests stay; the next attempt goes on with them.
   */
  commit(committer: Committer<Comm>, maxRetries: number): void {
    let open = this.pending();
    for (let retry = 0; open.length > 0 && retry <= maxRetries; retry++) {
      for (const request of open) request.select();
      committer.commit(open.map(({ request }) => request));
      for (const request of open) request.commitUnlessAnswered();
      open = open.filter((request) => !request.finished);
    }
    if (open.length > 0) throw new Error(`Failed to commit ${open.length} committables after ${maxRetries} retries: [${open.join(", ")}]`);
  }

  snapshot(): CommittablesSnapshot["checkpoints"][number] {
    const subtasks = this.bySubtask().map(([subtaskId, { requests, failed }]) => ({
      subtaskId,
      requests: requests.map((request) => request.snapshot(copyValue)),
      numberOfFailed: failed,
    }));
    return { checkpointId: this.checkpointId, numberOfSubtasks: this.numberOfSubtasks, subtasks };
  }

  restore(subtasks: CommittablesSnapshot["checkpoints"][number]["subtasks"], counters: CommitCounters): void {
    for (const { subtaskId, requests, numberOfFailed } of subtasks) {
      const own = this.subtasks.get(subtaskId) ?? { requests: [], expected: 0, failed: 0 };
      this.subtasks.set(subtaskId, own);
      for (const { committable, numberOfRetries, state } of requests) {
        own.requests.push(new PendingCommit<Comm>(counters, copyValue(committable) as Comm, numberOfRetries, state));
      }
      own.expected += requests.length;
      own.failed += numberOfFailed;
    }
  }

  private pending(): PendingCommit<Comm>[] {
    const pending: PendingCommit<Comm>[] = [];
    for (const [subtaskId, subtask] of this.bySubtask()) {
      if (!hasReceivedAll(subtask)) {
        throw unexpectedCommittable(
          `Trying to commit incomplete batch of committables: checkpoint ${this.checkpointId}, subtask ${subtaskId} ` +
            `has sent ${subtask.requests.length} of ${subtask.expected}.`,
        );
      }
      pending.push(...subtask.requests.filter((request) => !request.finished));
    }
    return pending;
  }

  private bySubtask(): [number, SubtaskCommittables<Comm>][] {
    return [...this.subtasks].sort(([left], [right]) => left - right);
  }
}

function hasReceivedAll<Comm>(subtask: SubtaskCommittables<Comm>): boolean {
  return subtask.requests.length === subtask.expected + subtask.failed;
}

function place(message: CommittableWithLineage): string {
  return `a committable of checkpoint ${message.checkpointId}, subtask ${message.subtaskId}`;
}

/** The engine's own writers keep the protocol; a topology of the user's between writer and committer may break it. */
function unexpectedCommittable(message: string): Diagnostic {
  return new Diagnostic({
    code: "SINK_COMMITTABLES_INCONSISTENT",
    message,
    phase: "runtime",
    expected: "one CommittableSummary per subtask and checkpoint, followed by as many CommittableWithLineage as it announces",
    hint: "A pre-commit topology that adds or drops committables must send a summary that says so.",
  });
}
