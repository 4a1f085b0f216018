/**
 * A committer behind all subtasks of a sink, in one place (Flink: `GlobalCommitterOperator`): it commits a checkpoint's committables
 * together, once every subtask has sent all of its own. Behind a committer it acts on what it receives, since that is committed already;
 * else it waits for its checkpoint to complete.
 */
import type { Committer, CommitterInitContext } from "../../flow/sink.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import type { CommittableMessage } from "./committable-message.ts";
import { CommittingOperator } from "./committing-operator.ts";

export interface GlobalCommitterOptions {
  /** Behind a committer. Without checkpointing it is so anyway. */
  readonly commitsOnInput: boolean;
  /** How often a committable may be put off in a row; default 10. */
  readonly maxRetries?: number | undefined;
}

export class GlobalCommitterOperator<Comm> extends CommittingOperator<Comm> {
  private readonly behindCommitter: boolean;
  private lastCompletedCheckpointId = -1;

  constructor(createCommitter: (context: CommitterInitContext) => Committer<Comm>, options: GlobalCommitterOptions) {
    super(createCommitter, options.maxRetries);
    this.behindCommitter = options.commitsOnInput;
  }

  override processElement(record: StreamRecord): void {
    super.processElement(record);
    if (this.commitsOnInput) this.commitUpTo((record.value as CommittableMessage<Comm>).checkpointId);
  }

  override notifyCheckpointComplete(checkpointId: number): void {
    if (!this.commitsOnInput) this.commitUpTo(checkpointId);
  }

  protected override commitUpTo(checkpointId: number): void {
    this.lastCompletedCheckpointId = Math.max(this.lastCompletedCheckpointId, checkpointId);
    for (const committables of this.collector.upTo(this.lastCompletedCheckpointId)) {
      if (!committables.complete) return;
      this.commit(committables);
      this.collector.remove(committables);
    }
  }

  private get commitsOnInput(): boolean {
    return this.behindCommitter || this.context.checkpointingMode === "NONE";
  }
}
