/**
 * Drives a `SinkWriter` (Flink: `SinkWriterOperator`).
 *
 * At each checkpoint, before the barrier goes on, the writer flushes and hands out what has to be committed; with a committer behind it
 * these committables leave downstream *ahead of* the barrier, so that the committer has them in its snapshot of the same checkpoint.
 */
import { invariant } from "../../base/invariant.ts";
import { MIN_TIMESTAMP } from "../../base/long.ts";
import type { Sink, SinkWriteContext, SinkWriter, WriterInitContext } from "../../flow/connector.ts";
import type { OneInputStreamOperator, OperatorContext, StateSize } from "../../flow/operator.ts";
import { StreamRecord } from "../../flow/stream-record.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import { copyValue, serializedSize } from "../../types/value-codec.ts";
import type { CommittableMessage } from "./committable-message.ts";

const WRITER_STATE = "writer_raw_states";
/** A sink writes once per record; it also remembers the last checkpoint so that the end of input gets an id of its own. */
const LAST_CHECKPOINT_STATE = "end_of_input_state";

export class SinkWriterOperator<T> implements OneInputStreamOperator, SinkWriteContext {
  private readonly sink: Sink<T>;
  private readonly committing: boolean;
  private context!: OperatorContext;
  private writer: SinkWriter<T> | null = null;
  private lastCheckpointId = 0;
  private watermarkMs = MIN_TIMESTAMP;
  private recordTimestampMs: number | null = null;
  private ended = false;

  constructor(sink: Sink<T>) {
    this.sink = sink;
    this.committing = sink.createCommitter !== undefined;
  }

  setup(context: OperatorContext): void {
    this.context = context;
  }

  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    this.lastCheckpointId = restoredCheckpointId ?? 0;
    const init = writerInitContext(this.context, restored === null ? undefined : restoredCheckpointId);
    const states = restored?.operatorState.find((state) => state.stateName === WRITER_STATE)?.elements ?? [];
    this.writer =
      states.length > 0 && this.sink.restoreWriter !== undefined
        ? this.sink.restoreWriter(init, states.map(copyValue))
        : this.sink.createWriter(init);
    const lastCheckpoints = restored?.operatorState.find((state) => state.stateName === LAST_CHECKPOINT_STATE)?.elements ?? [];
    for (const id of lastCheckpoints) this.lastCheckpointId = Math.max(this.lastCheckpointId, id as number);
  }

  open(): void {}

  processElement(record: StreamRecord): void {
    this.recordTimestampMs = record.hasTimestamp ? record.timestamp : null;
    this.openWriter().write(record.value as T, this);
  }

  currentWatermark(): number {
    return this.watermarkMs;
  }

  timestamp(): number | null {
    return this.recordTimestampMs;
  }

  processWatermark(timestampMs: number): void {
    this.watermarkMs = timestampMs;
    this.context.output.emitWatermark(timestampMs);
  }

  processWatermarkStatus(idle: boolean): void {
    this.context.output.emitWatermarkStatus(idle);
  }

  prepareSnapshotPreBarrier(checkpointId: number): void {
    if (this.ended) return;
    this.openWriter().flush(false);
    this.emitCommittables(checkpointId);
  }

  snapshotState(checkpointId: number): OperatorSnapshot {
    this.lastCheckpointId = checkpointId;
    const states = (this.openWriter().snapshotState?.(checkpointId) ?? []).map(copyValue);
    const elements = [checkpointId];
    return {
      keyed: null,
      operatorState: [
        { stateName: WRITER_STATE, mode: "list", elements: states },
        { stateName: LAST_CHECKPOINT_STATE, mode: "union", elements },
      ],
      bytes: serializedSize(states) + 8,
    };
  }

  notifyCheckpointComplete(): void {}

  notifyCheckpointAborted(): void {}

  endInput(): void {
    this.ended = true;
    this.openWriter().flush(true);
    this.emitCommittables(this.lastCheckpointId + 1);
  }

  finish(): void {}

  close(): void {
    this.writer?.close();
    this.writer = null;
  }

  stateSizes(): readonly StateSize[] {
    return [];
  }

  private openWriter(): SinkWriter<T> {
    invariant(this.writer !== null, "a sink writer was used before initializeState or after close");
    return this.writer;
  }

  private emitCommittables(checkpointId: number): void {
    if (!this.committing) return;
    const committables = this.openWriter().prepareCommit?.() ?? [];
    const { subtaskIndex: subtask, parallelism: ofSubtasks } = this.context;
    this.emit({ kind: "summary", checkpointId, subtask, ofSubtasks, committables: committables.length });
    for (const committable of committables) this.emit({ kind: "committable", checkpointId, subtask, committable });
  }

  private emit(message: CommittableMessage): void {
    this.context.output.collect(new StreamRecord(message));
  }
}

/** What a connector's writer and committer are told about their place. */
export function writerInitContext(context: OperatorContext, restoredCheckpointId: number | undefined): WriterInitContext {
  return {
    operatorId: context.operatorId,
    subtaskIndex: context.subtaskIndex,
    parallelism: context.parallelism,
    outside: context.outside,
    restoredCheckpointId,
    attemptNumber: context.attemptNumber,
    currentMs: () => context.processingTime.currentMs(),
  };
}
