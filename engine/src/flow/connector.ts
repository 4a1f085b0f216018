/**
 * What a source or a sink has to offer (Flink: FLIP-27 sources, Sink V2). Connectors and learners implement these; the source and
 * sink operators of the runtime drive them.
 */
import type { OutsideWorld } from "./operator.ts";

/** A unit of reading that one reader owns at a time: a log partition, a file, a range. */
export interface SourceSplit {
  readonly splitId: string;
}

/** What a reader gives its split's records to. Timestamps are the connector's own (a log record's, say); absent = none. */
export interface ReaderOutput<T> {
  collect(value: T, timestampMs?: number): void;
}

/** Answer of `pollNext`: MORE = call again, NOTHING_AVAILABLE = wait for `onAvailable`, END_OF_INPUT = never again. */
export type InputStatus = "MORE" | "NOTHING_AVAILABLE" | "END_OF_INPUT";

export interface SourceReaderContext {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly outside: OutsideWorld;
  currentMs(): number;
  /** To be called when data may have become available again after NOTHING_AVAILABLE. Callable at any virtual time. */
  onAvailable(): void;
  /** Wakes the reader at a virtual time (rate-limited sources). */
  wakeAt(timestampMs: number): void;
  /** Tells the coordinator that this reader could take another split. */
  requestSplit(): void;
}

/** Runs in each source subtask. */
export interface SourceReader<T, S extends SourceSplit> {
  start(): void;
  /** Emits at most one record per call. `outputOf(splitId)` keeps one watermark generator per split. */
  pollNext(outputOf: (splitId: string) => ReaderOutput<T>): InputStatus;
  addSplits(splits: readonly S[]): void;
  /** The enumerator has no more splits for this reader. */
  notifyNoMoreSplits(): void;
  /** Where the record that was polled last lies in its log, for recordings; absent on sources without such positions. */
  lastPosition?(): { readonly topic: string; readonly partition: number; readonly offset: number };
  /** Where the record given to `collect` right now lies outside, for recordings; the same object every time. */
  lastPosition?(): { readonly topic: string; readonly partition: number; readonly offset: number };
  /** Splits with their positions, for the checkpoint. */
  snapshotState(checkpointId: number): readonly S[];
  notifyCheckpointComplete(checkpointId: number): void;
  /** Stop at the current position and report END_OF_INPUT from then on (stop-with-savepoint --drain, bounded end). */
  close(): void;
}

export interface SplitEnumeratorContext<S extends SourceSplit> {
  readonly parallelism: number;
  readonly outside: OutsideWorld;
  currentMs(): number;
  assignSplits(subtaskIndex: number, splits: readonly S[]): void;
  signalNoMoreSplits(subtaskIndex: number): void;
}

/** Runs once per source, on the job manager. */
export interface SplitEnumerator<S extends SourceSplit, C = unknown> {
  start(): void;
  handleSplitRequest(subtaskIndex: number): void;
  /** A reader's splits come back after a failure of that reader only (before its first checkpoint). */
  addSplitsBack(splits: readonly S[], subtaskIndex: number): void;
  addReader(subtaskIndex: number): void;
  snapshotState(checkpointId: number): C;
  close(): void;
}

export interface Source<T, S extends SourceSplit = SourceSplit, C = unknown> {
  readonly boundedness: "BOUNDED" | "CONTINUOUS_UNBOUNDED";
  createEnumerator(context: SplitEnumeratorContext<S>): SplitEnumerator<S, C>;
  restoreEnumerator(context: SplitEnumeratorContext<S>, state: C): SplitEnumerator<S, C>;
  createReader(context: SourceReaderContext): SourceReader<T, S>;
}

export interface WriterInitContext {
  /** Id of the sink's operator, for recordings; absent outside a job. */
  readonly operatorId?: string;
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly outside: OutsideWorld;
  /** Restored checkpoint id, undefined on a fresh start. */
  readonly restoredCheckpointId: number | undefined;
  readonly attemptNumber: number;
  currentMs(): number;
}

export interface SinkWriteContext {
  currentWatermark(): number;
  /** Event timestamp of the record, null when it has none. */
  timestamp(): number | null;
}

/** Runs in each sink subtask (Flink: `SinkWriter`, with the stateful and committing variants folded in as optional methods). */
export interface SinkWriter<T, Comm = unknown, S = unknown> {
  write(value: T, context: SinkWriteContext): void;
  /** Called at each checkpoint before the barrier passes (`endOfInput` at the end). At-least-once sinks make data durable here. */
  flush(endOfInput: boolean): void;
  /** Two-phase commit, phase one: what the committer has to commit once the checkpoint is complete. */
  prepareCommit?(): readonly Comm[];
  snapshotState?(checkpointId: number): readonly S[];
  close(): void;
}

/** One pending commit; the committer answers through it. Without an answer it counts as committed. */
export interface CommitRequest<Comm> {
  readonly committable: Comm;
  readonly numberOfRetries: number;
  retryLater(): void;
  updateAndRetryLater(committable: Comm): void;
  signalAlreadyCommitted(): void;
  signalFailedWithKnownReason(reason: unknown): void;
  signalFailedWithUnknownReason(reason: unknown): void;
}

/** Phase two. Must be idempotent: after a crash the same committables come again. */
export interface Committer<Comm> {
  commit(requests: readonly CommitRequest<Comm>[]): void;
  close(): void;
}

export interface Sink<T, Comm = unknown, S = unknown> {
  createWriter(context: WriterInitContext): SinkWriter<T, Comm, S>;
  restoreWriter?(context: WriterInitContext, state: readonly S[]): SinkWriter<T, Comm, S>;
  /** Present = a committing sink: a committer operator follows the writer. */
  createCommitter?(context: WriterInitContext): Committer<Comm>;
}
