/**
 * Drives a `Committer`, phase two of a two-phase commit (Flink: `CommitterOperator`).
 *
 * Committables wait here by checkpoint. They are part of the snapshot, so when the checkpoint that carries them is complete they are
 * safe, and only then are they committed. Between "complete" and "committed" the job may die; the restored committer commits them again
 * before anything else, which is why `Committer.commit` must be idempotent. Without checkpointing there is no later moment than the
 * end of input, so they are committed there.
 */
import { invariant } from "../../base/invariant.ts";
import type { Committer, CommitRequest, Sink } from "../../flow/connector.ts";
import type { OneInputStreamOperator, OperatorContext, StateSize } from "../../flow/operator.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import { copyValue, serializedSize } from "../../types/value-codec.ts";
import type { CommittableMessage } from "./committable-message.ts";
import { writerInitContext } from "./sink-writer-operator.ts";

const COMMITTER_STATE = "streaming_committer_raw_states";
/** Flink's `sink.committer.retries`. */
const MAX_RETRIES = 10;

interface PendingCommittable {
  readonly checkpointId: number;
  readonly committable: unknown;
  readonly numberOfRetries: number;
}

export class CommitterOperator<Comm> implements OneInputStreamOperator {
  private readonly sink: Sink<unknown, Comm>;
  private context!: OperatorContext;
  private committer: Committer<Comm> | null = null;
  /** In the order of arrival. */
  private pending: Request<Comm>[] = [];

  constructor(sink: Sink<unknown, Comm>) {
    this.sink = sink;
  }

  setup(context: OperatorContext): void {
    this.context = context;
  }

  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    const checkpointId = restored === null ? undefined : restoredCheckpointId;
    invariant(this.sink.createCommitter !== undefined, "a committer operator needs a committing sink");
    this.committer = this.sink.createCommitter(writerInitContext(this.context, checkpointId));
    const elements = restored?.operatorState.find((state) => state.stateName === COMMITTER_STATE)?.elements ?? [];
    for (const element of elements as readonly PendingCommittable[]) {
      this.pending.push(new Request(element.checkpointId, copyValue(element.committable) as Comm, element.numberOfRetries));
    }
    // The restored checkpoint is complete, whether or not the old tasks were told in time.
    if (this.pending.length > 0) this.commitUpTo(Number.POSITIVE_INFINITY);
  }

  open(): void {}

  processElement(record: StreamRecord): void {
    const message = record.value as CommittableMessage;
    if (message.kind === "committable") this.pending.push(new Request(message.checkpointId, message.committable as Comm, 0));
  }

  processWatermark(timestampMs: number): void {
    this.context.output.emitWatermark(timestampMs);
  }

  processWatermarkStatus(idle: boolean): void {
    this.context.output.emitWatermarkStatus(idle);
  }

  prepareSnapshotPreBarrier(): void {}

  snapshotState(): OperatorSnapshot {
    const elements: PendingCommittable[] = this.pending.map((request) => ({
      checkpointId: request.checkpointId,
      committable: copyValue(request.committable),
      numberOfRetries: request.numberOfRetries,
    }));
    return {
      keyed: null,
      operatorState: [{ stateName: COMMITTER_STATE, mode: "list", elements }],
      bytes: serializedSize(elements),
    };
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.commitUpTo(checkpointId);
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

  /** Commits what checkpoints up to this one carried, oldest checkpoint first, trying again what the committer puts off. */
  private commitUpTo(checkpointId: number): void {
    const ids = [...new Set(this.pending.map((request) => request.checkpointId))].filter((id) => id <= checkpointId).sort((a, b) => a - b);
    for (const id of ids) this.commitCheckpoint(id);
  }

  private commitCheckpoint(checkpointId: number): void {
    let open = this.pending.filter((request) => request.checkpointId === checkpointId);
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt > MAX_RETRIES) throw new Error(`Failed to commit ${open.length} committables after ${MAX_RETRIES} retries`);
      for (const request of open) request.beginAttempt();
      invariant(this.committer !== null, "a committer was used after close");
      this.committer.commit(open);
      for (const request of open) request.throwIfFailed();
      open = open.filter((request) => request.wantsRetry);
    }
    this.pending = this.pending.filter((request) => request.checkpointId !== checkpointId);
  }
}

class Request<Comm> implements CommitRequest<Comm> {
  readonly checkpointId: number;
  committable: Comm;
  numberOfRetries: number;
  wantsRetry = false;
  private failure: { readonly reason: unknown } | null = null;

  constructor(checkpointId: number, committable: Comm, numberOfRetries: number) {
    this.checkpointId = checkpointId;
    this.committable = committable;
    this.numberOfRetries = numberOfRetries;
  }

  beginAttempt(): void {
    this.wantsRetry = false;
    this.failure = null;
  }

  retryLater(): void {
    this.wantsRetry = true;
    this.numberOfRetries++;
  }

  updateAndRetryLater(committable: Comm): void {
    this.committable = committable;
    this.retryLater();
  }

  /** Committed before, e.g. by the attempt that died: nothing left to do. */
  signalAlreadyCommitted(): void {}

  /** The committer knows that this can never succeed and has said so in its own log; the data of it are lost, the job goes on. */
  signalFailedWithKnownReason(): void {}

  signalFailedWithUnknownReason(reason: unknown): void {
    this.failure = { reason };
  }

  throwIfFailed(): void {
    if (this.failure === null) return;
    const { reason } = this.failure;
    throw reason instanceof Error ? reason : new Error(`Failed to commit: ${String(reason)}`);
  }
}
