import { invariant } from "../../base/invariant.ts";
import { NO_STATE_SIZES, type OneInputStreamOperator, type OperatorContext, type StateSize } from "../../flow/operator.ts";
import type { Committer, CommitterInitContext } from "../../flow/sink.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import { serializedSize } from "../../types/value-codec.ts";
import { type CheckpointCommittables, CommittableCollector, type CommittablesSnapshot } from "./committable-collector.ts";
import type { CommittableMessage } from "./committable-message.ts";
import { sinkInitContext } from "./sink-init-context.ts";

const COMMITTER_STATE = "streaming_committer_raw_states";
/** Flink's default of `sink.committer.retries`. */
const DEFAULT_MAX_RETRIES = 10;

/** What committers and global committers share: committables that wait, in the checkpoints and out of them. When to commit is up to them. */
export abstract class CommittingOperator<Comm> implements OneInputStreamOperator {
  protected context!: OperatorContext;
  protected collector!: CommittableCollector<Comm>;
  private readonly createCommitter: (context: CommitterInitContext) => Committer<Comm>;
  private readonly maxRetries: number;
  private committer: Committer<Comm> | null = null;

  constructor(createCommitter: (context: CommitterInitContext) => Committer<Comm>, maxRetries: number | undefined) {
    this.createCommitter = createCommitter;
    this.maxRetries = maxRetries ?? DEFAULT_MAX_RETRIES;
  }

  setup(context: OperatorContext): void {
    this.context = context;
    const { metricGroup } = context;
    this.collector = new CommittableCollector<Comm>({
      total: metricGroup.counter("totalCommittables"),
      successful: metricGroup.counter("successfulCommittables"),
      alreadyCommitted: metricGroup.counter("alreadyCommittedCommittables"),
      failed: metricGroup.counter("failedCommittables"),
      retried: metricGroup.counter("retriedCommittables"),
    });
    metricGroup.gauge("pendingCommittables", () => this.collector.numberOfPending);
  }

  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    const { createCommitter } = this;
    this.committer = createCommitter(sinkInitContext(this.context, restoredCheckpointId));
    if (restoredCheckpointId === undefined) return;
    const elements = restored?.operatorState.find((state) => state.stateName === COMMITTER_STATE)?.elements ?? [];
    for (const snapshot of elements as readonly CommittablesSnapshot[]) this.collector.merge(snapshot);
    // The restored checkpoint is complete, whether or not the old tasks were told in time.
    this.commitUpTo(restoredCheckpointId);
  }

  open(): void {}

  processElement(record: StreamRecord): void {
    this.collector.addMessage(record.value as CommittableMessage<Comm>);
  }

  processWatermark(timestampMs: number): void {
    this.context.output.emitWatermark(timestampMs);
  }

  processWatermarkStatus(idle: boolean): void {
    this.context.output.emitWatermarkStatus(idle);
  }

  prepareSnapshotPreBarrier(_checkpointId: number): void {}

  snapshotState(_checkpointId: number): OperatorSnapshot {
    const elements: CommittablesSnapshot[] = [this.collector.snapshot()];
    return {
      keyed: null,
      operatorState: [{ stateName: COMMITTER_STATE, mode: "list", elements }],
      bytes: serializedSize(elements),
    };
  }

  abstract notifyCheckpointComplete(checkpointId: number): void;

  notifyCheckpointAborted(_checkpointId: number): void {}

  endInput(_input: number): void {}

  finish(): void {}

  close(): void {
    this.committer?.close();
    this.committer = null;
  }

  stateSizes(): readonly StateSize[] {
    return NO_STATE_SIZES;
  }

  /** Commits what checkpoints up to this one carried, oldest first. */
  protected abstract commitUpTo(checkpointId: number): void;

  protected commit(committables: CheckpointCommittables<Comm>): void {
    invariant(this.committer !== null, "a committer was used before initializeState or after close");
    const { steps } = this.context;
    steps?.before("commit", committables.checkpointId);
    committables.commit(this.committer, this.maxRetries);
    steps?.after("commit", committables.checkpointId);
  }
}
