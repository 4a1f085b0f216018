/**
 * What a sink's writer sends its committer at each checkpoint: one summary, then one message per committable. Plain fields, since messages
 * may cross a channel.
 */

/**
 * A message between writer and committer, and, in a topology of the sink's own, before or behind the committer.
 * (Flink: docs/dev/datastream/sinks)
 */
export type CommittableMessage<Comm = unknown> = CommittableSummary | CommittableWithLineage<Comm>;

/** How many committables of this checkpoint and subtask follow (Flink: `CommittableSummary`). (Flink: docs/dev/datastream/sinks) */
export class CommittableSummary {
  /** Tells the two kinds of messages apart, as `instanceof` does. */
  readonly kind = "summary";
  /** As `getSubtaskId()`. */
  readonly subtaskId: number;
  /** As `getNumberOfSubtasks()`. */
  readonly numberOfSubtasks: number;
  /** As `getCheckpointIdOrEOI()`. */
  readonly checkpointId: number;
  /** As `getNumberOfCommittables()`. */
  readonly numberOfCommittables: number;
  /** As `getNumberOfFailedCommittables()`. */
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

  /** The subtask whose committables are announced, counted from 0. */
  getSubtaskId(): number {
    return this.subtaskId;
  }

  /** How many subtasks send a summary of this checkpoint. */
  getNumberOfSubtasks(): number {
    return this.numberOfSubtasks;
  }

  /** The checkpoint that the committables are part of; behind the end of the input, the one after the last. */
  getCheckpointIdOrEOI(): number {
    return this.checkpointId;
  }

  /** How many committables of this checkpoint and subtask follow. */
  getNumberOfCommittables(): number {
    return this.numberOfCommittables;
  }

  /** How many had been given up before; always 0 in front of the committer. */
  getNumberOfFailedCommittables(): number {
    return this.numberOfFailedCommittables;
  }
}

/** A committable, and whose it is (Flink: `CommittableWithLineage`). (Flink: docs/dev/datastream/sinks) */
export class CommittableWithLineage<Comm = unknown> {
  /** Tells the two kinds of messages apart, as `instanceof` does. */
  readonly kind = "committable";
  /** As `getCommittable()`. */
  readonly committable: Comm;
  /** As `getCheckpointIdOrEOI()`. */
  readonly checkpointId: number;
  /** As `getSubtaskId()`. */
  readonly subtaskId: number;

  constructor(committable: Comm, checkpointId: number, subtaskId: number) {
    this.committable = committable;
    this.checkpointId = checkpointId;
    this.subtaskId = subtaskId;
  }

  /** What the writer handed out. */
  getCommittable(): Comm {
    return this.committable;
  }

  /** The checkpoint that it is part of; behind the end of the input, the one after the last. */
  getCheckpointIdOrEOI(): number {
    return this.checkpointId;
  }

  /** The subtask of the writer that made it, counted from 0. */
  getSubtaskId(): number {
    return this.subtaskId;
  }

  /** Another committable in its place. */
  map<R>(mapper: (committable: Comm) => R): CommittableWithLineage<R> {
    return new CommittableWithLineage<R>(mapper(this.committable), this.checkpointId, this.subtaskId);
  }

  /** The same committable as if another subtask had made it. */
  withSubtaskId(subtaskId: number): CommittableWithLineage<Comm> {
    return new CommittableWithLineage<Comm>(this.committable, this.checkpointId, subtaskId);
  }
}
