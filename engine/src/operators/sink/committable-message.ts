/**
 * What a sink's writer sends its committer at each checkpoint: one summary, then one message per committable. Plain fields, since messages
 * may cross a channel.
 */

/** A message between writer and committer, and, in a topology of the sink's own, before or behind the committer. */
export type CommittableMessage<Comm = unknown> = CommittableSummary | CommittableWithLineage<Comm>;

/** How many committables of this checkpoint and subtask follow (Flink: `CommittableSummary`). */
export class CommittableSummary {
  readonly kind = "summary";
  readonly subtaskId: number;
  readonly numberOfSubtasks: number;
  readonly checkpointId: number;
  readonly numberOfCommittables: number;
  readonly numberOfFailedCommittables: number;

  /** @param numberOfSubtasks how many summaries of this checkpoint there are in all. */
  constructor(
    subtaskId: number,
    numberOfSubtasks: number,
    checkpointId: number,
    numberOfCommittables: number,
    numberOfFailedCommittables = 0,
  ) {
    this.subtaskId = subtaskId;
    this.numberOfSubtasks = numberOfSubtasks;
    this.checkpointId = checkpointId;
    this.numberOfCommittables = numberOfCommittables;
    this.numberOfFailedCommittables = numberOfFailedCommittables;
  }

  getSubtaskId(): number {
    return this.subtaskId;
  }

  getNumberOfSubtasks(): number {
    return this.numberOfSubtasks;
  }

  /** The checkpoint that the committables are part of; behind the end of the input, the one after the last. */
  getCheckpointIdOrEOI(): number {
    return this.checkpointId;
  }

  getNumberOfCommittables(): number {
    return this.numberOfCommittables;
  }

  getNumberOfFailedCommittables(): number {
    return this.numberOfFailedCommittables;
  }
}

/** A committable, and whose it is (Flink: `CommittableWithLineage`). */
export class CommittableWithLineage<Comm = unknown> {
  readonly kind = "committable";
  readonly committable: Comm;
  readonly checkpointId: number;
  readonly subtaskId: number;

  constructor(committable: Comm, checkpointId: number, subtaskId: number) {
    this.committable = committable;
    this.checkpointId = checkpointId;
    this.subtaskId = subtaskId;
  }

  getCommittable(): Comm {
    return this.committable;
  }

  getCheckpointIdOrEOI(): number {
    return this.checkpointId;
  }

  getSubtaskId(): number {
    return this.subtaskId;
  }

  /** Another committable in its place. */
  map<R>(mapper: (committable: Comm) => R): CommittableWithLineage<R> {
    return new CommittableWithLineage<R>(mapper(this.committable), this.checkpointId, this.subtaskId);
  }

  withSubtaskId(subtaskId: number): CommittableWithLineage<Comm> {
    return new CommittableWithLineage<Comm>(this.committable, this.checkpointId, subtaskId);
  }
}
