/**
 * Drives a `Committer`, phase two of a two-phase commit (Flink: `CommitterOperator`).
 *
 * Committables wait here by checkpoint. They are part of the snapshot, so when the checkpoint that carries them is complete they are
 * safe, and only then are they committed. Between "complete" and "committed" the job may die; the restored committer commits them again
 * before anything else, which is why `Committer.commit` must be idempotent. Without checkpointing there is no later moment than the
 * end of input, so they are committed there.
 */
import { invariant } from "../../base/invariant.ts";
import type { Sink } from "../../flow/sink.ts";
import { StreamRecord } from "../../flow/stream-record.ts";
import type { CheckpointCommittables } from "./committable-collector.ts";
import { type CommittableMessage, CommittableSummary, CommittableWithLineage } from "./committable-message.ts";
import { CommittingOperator } from "./committing-operator.ts";

export interface CommitterOptions {
  /** Send on what has been committed, for a post-commit topology. */
  readonly emitsDownstream?: boolean;
  /** How often a committable may be put off in a row; default 10. */
  readonly maxRetries?: number | undefined;
}

export class CommitterOperator<Comm> extends CommittingOperator<Comm> {
  private readonly emitsDownstream: boolean;
  private lastCompletedCheckpointId = 0;

  constructor(sink: Sink<unknown, Comm>, options: CommitterOptions = {}) {
    super((context) => {
      invariant(sink.createCommitter !== undefined, "a committer operator needs a committing sink");
      return sink.createCommitter(context);
    }, options.maxRetries);
    this.emitsDownstream = options.emitsDownstream === true;
  }

  override notifyCheckpointComplete(checkpointId: number): void {
    this.commitUpTo(Math.max(this.lastCompletedCheckpointId, checkpointId));
  }

  override endInput(_input: number): void {
    if (this.context.checkpointingMode === "NONE") this.commitUpTo(Number.POSITIVE_INFINITY);
  }

  /** The next checkpoint's only when the one before is done. */
  protected override commitUpTo(checkpointId: number): void {
    this.lastCompletedCheckpointId = checkpointId;
    for (const committables of this.collector.upTo(checkpointId)) {
      this.commit(committables);
      if (this.emitsDownstream) this.emit(committables);
      this.collector.remove(committables);
    }
  }

  private emit(committables: CheckpointCommittables<Comm>): void {
    const { subtaskIndex, parallelism } = this.context;
    const { checkpointId, successful, numberOfFailed } = committables;
    const numberOfSubtasks = Math.min(parallelism, committables.numberOfSubtasks);
    this.send(new CommittableSummary(subtaskIndex, numberOfSubtasks, checkpointId, successful.length, numberOfFailed));
    for (const committable of successful) this.send(new CommittableWithLineage<Comm>(committable, checkpointId, subtaskIndex));
  }

  private send(message: CommittableMessage<Comm>): void {
    this.context.output.collect(new StreamRecord<unknown>(message));
  }
}
