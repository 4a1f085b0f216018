/**
 * Drives a `Committer`, phase two of a two-phase commit (Flink: `CommitterOperator`).
 *
 * Committables wait here by checkpoint. They are part of the snapshot, so when the checkpoint that carries them is complete they are
 * safe, and only then are they committed. Between "complete" and "committed" the job may die; the restored committer commits them again
 * before anything else, which is why `Committer.commit` must be idempotent. Without checkpointing there is no later moment than the
 * end of input, so they are committed there.
 */
import { invariant } from "../../base/invariant.ts";
import type { OneInputStreamOperator, OperatorContext, StateSize } from "../../flow/operator.ts";
import type { Committer, Sink } from "../../flow/sink.ts";
import { StreamRecord } from "../../flow/stream-record.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import { serializedSize } from "../../types/value-codec.ts";
import { type CheckpointCommittables, CommittableCollector, type CommittablesSnapshot } from "./committable-collector.ts";
import { type CommittableMessage, CommittableSummary, CommittableWithLineage } from "./committable-message.ts";
import { sinkInitContext } from "./sink-init-context.ts";

const COMMITTER_STATE = "streaming_committer_raw_states";
/** Flink's `sink.committer.retries`. */
export const MAX_COMMIT_RETRIES = 10;

export interface CommitterOptions {
  /** Send on what has been committed, for a post-commit topology. */
  readonly emitsDownstream?: boolean;
}

export class CommitterOperator<Comm> implements OneInputStreamOperator {
  private readonly sink: Sink<unknown, Comm>;
  private readonly emitsDownstream: boolean;
  private context!: OperatorContext;
  private committer: Committer<Comm> | null = null;
  private collector!: CommittableCollector<Comm>;
  private lastCompletedCheckpointId = 0;

  constructor(sink: Sink<unknown, Comm>, options: CommitterOptions = {}) {
    this.sink = sink;
    this.emitsDownstream = options.emitsDownstream === true;
  }

  setup(context: OperatorContext): void {
    this.context = context;
    this.collector = new CommittableCollector<Comm>({
      successful: context.counter("successfulCommittables"),
      alreadyCommitted: context.counter("alreadyCommittedCommittables"),
      failed: context.counter("failedCommittables"),
      retried: context.counter("retriedCommittables"),
    });
  }

  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    invariant(this.sink.createCommitter !== undefined, "a committer operator needs a committing sink");
    this.committer = this.sink.createCommitter(sinkInitContext(this.context, restoredCheckpointId));
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

  prepareSnapshotPreBarrier(): void {}

  snapshotState(): OperatorSnapshot {
    const elements: CommittablesSnapshot[] = [this.collector.snapshot()];
    return {
      keyed: null,
      operatorState: [{ stateName: COMMITTER_STATE, mode: "list", elements }],
      bytes: serializedSize(elements),
    };
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.commitUpTo(Math.max(this.lastCompletedCheckpointId, checkpointId));
  }

  notifyCheckpointAborted(): void {}

  endInput(): void {
    if (this.context.checkpointingMode === "NONE") this.commitUpTo(Number.POSITIVE_INFINITY);
  }

  finish(): void {}

  close(): void {
    this.committer?.close();
    this.committer = null;
  }

  stateSizes(): readonly StateSize[] {
    return [];
  }

  /** Commits what checkpoints up to this one carried, oldest checkpoint first; the next only when the one before is done. */
  private commitUpTo(checkpointId: number): void {
    this.lastCompletedCheckpointId = checkpointId;
    invariant(this.committer !== null, "a committer was used before initializeState or after close");
    for (const committables of this.collector.upTo(checkpointId)) {
      committables.commit(this.committer, MAX_COMMIT_RETRIES);
      if (this.emitsDownstream) this.emit(committables);
      this.collector.remove(committables);
    }
  }

  private emit(committables: CheckpointCommittables<Comm>): void {
    const { subtaskIndex: subtaskId, parallelism } = this.context;
    const { checkpointId, successful } = committables;
    this.send(
      new CommittableSummary({
        subtaskId,
        numberOfSubtasks: Math.min(parallelism, committables.numberOfSubtasks),
        checkpointId,
        numberOfCommittables: successful.length,
        numberOfFailedCommittables: committables.numberOfFailed,
      }),
    );
    for (const committable of successful) this.send(new CommittableWithLineage<Comm>(committable, checkpointId, subtaskId));
  }

  private send(message: CommittableMessage<Comm>): void {
    this.context.output.collect(new StreamRecord<unknown>(message));
  }
}
