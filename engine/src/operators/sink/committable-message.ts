/**
 * What a sink's writer sends its committer at each checkpoint: one summary, then one message per committable. Plain fields, since messages
 * may cross a channel. (Flink: `CommittableMessage`, `CommittableSummary`, `CommittableWithLineage`)
 */
export type CommittableMessage<Comm = unknown> = CommittableSummary | CommittableWithLineage<Comm>;

/** How many committables of this checkpoint and subtask follow. */
export class CommittableSummary {
  readonly kind = "summary";
  readonly subtaskId: number;
  readonly numberOfSubtasks: number;
  readonly checkpointId: number;
  readonly numberOfCommittables: number;
  readonly numberOfFailedCommittables: number;

  constructor(of: {
    readonly subtaskId: number;
    readonly numberOfSubtasks: number;
    readonly checkpointId: number;
    readonly numberOfCommittables: number;
    readonly numberOfFailedCommittables: number;
  }) {
    this.subtaskId = of.subtaskId;
    this.numberOfSubtasks = of.numberOfSubtasks;
    this.checkpointId = of.checkpointId;
    this.numberOfCommittables = of.numberOfCommittables;
    this.numberOfFailedCommittables = of.numberOfFailedCommittables;
  }
}

/** A committable, and whose it is. */
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
}
