/**
 * Drives a `SinkWriter` (Flink: `SinkWriterOperator`).
 *
 * At each checkpoint, before the barrier goes on, the writer flushes and hands out what has to be committed; with a committer behind it
 * these committables leave downstream *ahead of* the barrier, so that the committer has them in its snapshot of the same checkpoint.
 * A writer that has to wait for an answer while it flushes is asked to flush again when it has got it; until then nothing goes on.
 */
import { WriteContext, WrittenRecord } from "../../flow/written-record.ts";
import { invariant } from "../../base/invariant.ts";
import type { CheckpointStepReporter } from "../../flow/checkpoint-step.ts";
import { NO_STATE_SIZES, type OneInputStreamOperator, type OperatorContext, type StateSize } from "../../flow/operator.ts";
import type { Sink, SinkWriter } from "../../flow/sink.ts";
import { StreamRecord } from "../../flow/stream-record.ts";
import { Watermark } from "../../flow/watermark.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import { copyValue, serializedSize } from "../../types/value-codec.ts";
import { type CommittableMessage, CommittableSummary, CommittableWithLineage } from "./committable-message.ts";
import { sinkInitContext } from "./sink-init-context.ts";

const WRITER_STATE = "writer_raw_states";

export class SinkWriterOperator<T> implements OneInputStreamOperator {
  private readonly sink: Sink<T>;
  private readonly committing: boolean;
  private context!: OperatorContext;
  private steps: CheckpointStepReporter | undefined;
  private writer: SinkWriter<T> | null = null;
  /** What follows the end of the input belongs to the checkpoint after this one. */
  private lastCheckpointId = 0;
  private readonly written = new WrittenRecord();
  private readonly writeContext = new WriteContext(this.written);
  private ended = false;
  /** The writer waits for an answer in `flush`. */
  flushing = false;

  constructor(sink: Sink<T>) {
    this.sink = sink;
    this.committing = sink.createCommitter !== undefined;
  }

  setup(context: OperatorContext): void {
    this.context = context;
    this.steps = context.steps;
  }

  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    this.lastCheckpointId = restoredCheckpointId ?? 0;
    const init = sinkInitContext(this.context, restoredCheckpointId);
    const states = restored?.operatorState.find((state) => state.stateName === WRITER_STATE)?.elements ?? [];
    this.writer =
      restoredCheckpointId !== undefined && this.sink.restoreWriter !== undefined
        ? this.sink.restoreWriter(init, states.map(copyValue))
        : this.sink.createWriter(init);
  }

  open(): void {}

  processElement(record: StreamRecord): void {
    // Flink: an IllegalStateException. A program gets here that has kept an output and uses it when it is closed.
    if (this.ended) throw new Error("Received element after endOfInput: nothing can be written once the input of a sink has ended.");
    this.written.timestampMs = record.hasTimestamp ? record.timestamp : null;
    const { steps } = this;
    if (steps === undefined) {
      this.openWriter().write(record.value as T, this.writeContext);
      return;
    }
    steps.before("write", this.lastCheckpointId + 1);
    this.openWriter().write(record.value as T, this.writeContext);
    steps.after("write", this.lastCheckpointId + 1);
  }

  processWatermark(timestampMs: number): void {
    this.context.output.emitWatermark(timestampMs);
    this.written.watermarkMs = timestampMs;
    this.writer?.writeWatermark?.(new Watermark(timestampMs));
  }

  processWatermarkStatus(idle: boolean): void {
    this.context.output.emitWatermarkStatus(idle);
  }

  prepareSnapshotPreBarrier(checkpointId: number): void {
    // A barrier may come while the flush at the end of input waits for an answer: what is begun is ended, under its own id.
    if (this.ended) this.finish();
    else this.closeBatch(checkpointId, false);
  }

  snapshotState(checkpointId: number): OperatorSnapshot {
    const elements = (this.openWriter().snapshotState?.(checkpointId) ?? []).map(copyValue);
    return {
      keyed: null,
      operatorState: [{ stateName: WRITER_STATE, mode: "list", elements }],
      bytes: serializedSize(elements),
    };
  }

  notifyCheckpointComplete(): void {}

  notifyCheckpointAborted(): void {}

  endInput(): void {
    if (this.ended) return;
    this.ended = true;
    this.closeBatch(this.lastCheckpointId + 1, true);
  }

  finish(): void {
    if (this.flushing) this.closeBatch(this.lastCheckpointId + 1, true);
  }

  close(): void {
    this.writer?.close();
    this.writer = null;
  }

  stateSizes(): readonly StateSize[] {
    return NO_STATE_SIZES;
  }

  private openWriter(): SinkWriter<T> {
    invariant(this.writer !== null, "a sink writer was used before initializeState or after close");
    return this.writer;
  }

  /** What was written since the last checkpoint is made durable, and goes to the committer. */
  private closeBatch(checkpointId: number, endOfInput: boolean): void {
    const { steps } = this;
    if (!this.flushing) steps?.before("flush", checkpointId);
    this.openWriter().flush(endOfInput);
    this.flushing = this.context.mailbox.waiting;
    if (this.flushing) return;
    steps?.after("flush", checkpointId);
    this.lastCheckpointId = checkpointId;
    steps?.before("preCommit", checkpointId);
    const committables = this.openWriter().prepareCommit?.() ?? [];
    if (this.committing) this.emitCommittables(checkpointId, committables);
    steps?.after("preCommit", checkpointId);
  }

  private emitCommittables(checkpointId: number, committables: readonly unknown[]): void {
    const { subtaskIndex: subtaskId, parallelism: numberOfSubtasks } = this.context;
    this.send(new CommittableSummary(subtaskId, numberOfSubtasks, checkpointId, committables.length));
    for (const committable of committables) this.send(new CommittableWithLineage(committable, checkpointId, subtaskId));
  }

  private send(message: CommittableMessage): void {
    this.context.output.collect(new StreamRecord<unknown>(message));
  }
}
