/**
 * What a sink has to offer, under the names of Flink's Sink V2. Connectors and learners implement these; the operators in
 * `operators/sink` drive them. (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/overview/#data-sinks)
 *
 * A *writer* lives in each subtask. If it can be restored (`SupportsWriterState`) it leaves its state in every checkpoint. If the sink
 * commits (`SupportsCommitter`), writing is phase one of a two-phase commit: before each barrier the writer flushes and hands out
 * *committables*, which are in the checkpoint; once that checkpoint is complete, the *committer* makes them visible.
 */
import type { MetricGroup } from "./metrics/metric-group.ts";
import type { JobInfo, TaskInfo } from "./runtime-context.ts";
import type { Watermark } from "./watermark.ts";

/** Where a writer or committer runs. */
export interface SinkInitContext {
  readonly subtaskIndex: number;
  readonly parallelism: number;
  /** The checkpoint that the job was restored from, undefined on a fresh start. */
  readonly restoredCheckpointId: number | undefined;
  readonly attemptNumber: number;
  /** Processing time in epoch milliseconds. */
  currentMs(): number;
  /**
   * The call under way takes so much longer, in ms: its task is busy until then. For connectors whose system is slow; in Flink the call
   * itself would block. Absent outside a job.
   */
  block?(durationMs: number): void;
}

/** What a committer is told about its place. (Flink: docs/dev/datastream/sinks) */
export interface CommitterInitContext extends SinkInitContext {
  /** Which subtask of what this is. */
  getTaskInfo(): TaskInfo;
  /** The job this is part of. */
  getJobInfo(): JobInfo;
  /** The checkpoint that the job was restored from, null on a fresh start. */
  getRestoredCheckpointId(): number | null;
  /** Where to register the sink's metrics. */
  metricGroup(): MetricGroup;
  /** The task waits for an answer for so long (microseconds): it is busy. Not in Flink, where the thread just waits. */
  spendUs(durationUs: number): void;
}

/** What a writer is told about its place. (Flink: docs/dev/datastream/sinks) */
export interface WriterInitContext extends CommitterInitContext {
  /** For writers that act by time, such as those that flush a batch every second. */
  getProcessingTimeService(): SinkProcessingTimeService;
}

/** The processing-time clock as a sink writer sees it. Callbacks never run in the middle of a record. (Flink: docs/dev/datastream/sinks) */
export interface SinkProcessingTimeService {
  /** Epoch milliseconds. */
  getCurrentProcessingTime(): number;
  /** Calls back at this processing time (epoch ms), unless it is cancelled before. */
  registerTimer(timestampMs: number, callback: (timestampMs: number) => void): { cancel(): void };
}

/** What a writer sees beside the record. The object is reused; do not keep it. (Flink: docs/dev/datastream/sinks) */
export interface SinkWriteContext {
  /** MIN_TIMESTAMP before the first watermark. */
  currentWatermark(): number;
  /** Event timestamp of the record, null when it has none. */
  timestamp(): number | null;
}

/**
 * Runs in each sink subtask. The optional methods make it a `StatefulSinkWriter` or a `CommittingSinkWriter`.
 * (Flink: docs/dev/datastream/sinks)
 */
export interface SinkWriter<T, Comm = unknown, S = unknown> {
  /** Takes a record; it may be kept until `flush`. */
  write(value: T, context: SinkWriteContext): void;
  /** Called at each checkpoint before the barrier passes, and at the end of the input. At-least-once sinks make data durable here. */
  flush(endOfInput: boolean): void;
  /** Told of each watermark after it has been passed on. */
  writeWatermark?(watermark: Watermark): void;
  /** Phase one: what the committer has to commit once the checkpoint is complete. Called after each `flush`. */
  prepareCommit?(): readonly Comm[];
  /** What `restoreWriter` gets back; spread over the subtasks element by element when the parallelism changes. */
  snapshotState?(checkpointId: number): readonly S[];
  /** Called once at the end, and after a failure: lets go of what is open without making anything visible. */
  close(): void;
}

/** A writer whose state is in the checkpoints. (Flink: docs/dev/datastream/sinks) */
export interface StatefulSinkWriter<T, S> extends SinkWriter<T, unknown, S> {
  snapshotState(checkpointId: number): readonly S[];
}

/** A writer that does phase one of a two-phase commit. (Flink: docs/dev/datastream/sinks) */
export interface CommittingSinkWriter<T, Comm> extends SinkWriter<T, Comm> {
  prepareCommit(): readonly Comm[];
}

/** One pending commit; the committer answers through it. Without an answer it counts as committed. (Flink: docs/dev/datastream/sinks) */
export interface CommitRequest<Comm> {
  /** What is to be committed. */
  getCommittable(): Comm;
  /** How often `retryLater` was answered before. */
  getNumberOfRetries(): number;
  /** Not now: it comes again at once, at most `sink.committer.retries` (10) times; then the job fails and comes back to it. */
  retryLater(): void;
  /** The same, with another committable: what is left to do after a part of it succeeded. */
  updateAndRetryLater(committable: Comm): void;
  /** It was committed before, by an attempt that died. */
  signalAlreadyCommitted(): void;
  /** It can never succeed and the committer knows why; its data are lost and the job goes on. */
  signalFailedWithKnownReason(reason: unknown): void;
  /** It cannot succeed for a reason that nobody foresaw: throws, so that the job fails. */
  signalFailedWithUnknownReason(reason: unknown): void;
}

/** Phase two. Must be idempotent: after a crash the same committables come again. (Flink: docs/dev/datastream/sinks) */
export interface Committer<Comm> {
  /**
   * Makes what was promised visible. Called again with the same requests after a failure, so it must not matter whether it was done before.
   */
  commit(requests: readonly CommitRequest<Comm>[]): void;
  /** Called once at the end, and after a failure. */
  close(): void;
}

/**
 * A sink: the factory of its parts. Given to `stream.sinkTo`. The optional methods are those of `SupportsWriterState` and `SupportsCommitter`.
 * (Flink: docs/dev/datastream/sinks)
 */
export interface Sink<T, Comm = unknown, S = unknown> {
  /** Called by the runtime, once per subtask and attempt: a writer for a fresh start. */
  createWriter(context: WriterInitContext): SinkWriter<T, Comm, S>;
  /** Called by the runtime after a restore: a writer that goes on with what the checkpoint holds. */
  restoreWriter?(context: WriterInitContext, state: readonly S[]): SinkWriter<T, Comm, S>;
  /** Called by the runtime, once per subtask and attempt: what makes visible what the writers wrote. */
  createCommitter?(context: CommitterInitContext): Committer<Comm>;
}

/**
 * To be implemented by a sink whose writers have state. A restored subtask may get no state at all (after scaling up), or several.
 * (Flink: docs/dev/datastream/sinks)
 */
export interface SupportsWriterState<T, S> {
  /** Called by the runtime after a restore: a writer that goes on with what the checkpoint holds. */
  restoreWriter(context: WriterInitContext, recoveredState: readonly S[]): StatefulSinkWriter<T, S>;
}

/** To be implemented by a sink that commits. Its writers must be `CommittingSinkWriter`s. (Flink: docs/dev/datastream/sinks) */
export interface SupportsCommitter<Comm> {
  /** Called by the runtime, once per subtask and attempt: what makes visible what the writers wrote. */
  createCommitter(context: CommitterInitContext): Committer<Comm>;
}
