/**
 * What a source has to offer, under the names of FLIP-27. (Flink: docs/dev/datastream/sources)
 *
 * Three parts. *Splits* are what is read: a log partition, a file, a range; plain data. The *enumerator* lives once, on the job manager:
 * it finds splits and gives them to readers. A *reader* lives in each subtask and turns its splits into records. Both go into
 * checkpoints; a split is in exactly one of them at any time.
 *
 * Nothing runs beside anything else here: where Flink's sources use threads, these use `callAsync`, `CompletableFuture` and `wakeAt`.
 */
import type { CompletableFuture } from "./completable-future.ts";
import type { Counter, Gauge } from "./metrics/metric.ts";
import type { MetricGroup } from "./metrics/metric-group.ts";

/** Whether a source ends by itself. (Flink: docs/dev/datastream/sources) */
export const Boundedness = { BOUNDED: "BOUNDED", CONTINUOUS_UNBOUNDED: "CONTINUOUS_UNBOUNDED" } as const;
export type Boundedness = (typeof Boundedness)[keyof typeof Boundedness];

/** What `pollNext` answers: call again; wait for `isAvailable`; never call again. (Flink: docs/dev/datastream/sources) */
export const InputStatus = {
  MORE_AVAILABLE: "MORE_AVAILABLE",
  NOTHING_AVAILABLE: "NOTHING_AVAILABLE",
  END_OF_INPUT: "END_OF_INPUT",
} as const;
export type InputStatus = (typeof InputStatus)[keyof typeof InputStatus];

/**
 * A unit of reading that one reader owns at a time. Plain data: it travels between machines and into checkpoints.
 * (Flink: docs/dev/datastream/sources)
 */
export interface SourceSplit {
  /** Unique within the source. A field here, where Flink has a method, since a split is plain data. */
  readonly splitId: string;
}

/** A message between enumerator and readers; any plain data. (Flink: docs/dev/datastream/sources) */
export type SourceEvent = object;

/** A source: the factory of its parts. Given to `env.fromSource`. (Flink: docs/dev/datastream/sources) */
export interface Source<T, SplitT extends SourceSplit = SourceSplit, EnumChkT = unknown> {
  /** BOUNDED when it ends by itself, else CONTINUOUS_UNBOUNDED. */
  getBoundedness(): Boundedness;
  /** Called by the runtime on the job manager: an enumerator for a fresh start. */
  createEnumerator(context: SplitEnumeratorContext<SplitT>): SplitEnumerator<SplitT, EnumChkT>;
  /** Called by the runtime on the job manager after a restore. @param checkpoint what the enumerator's `snapshotState` gave. */
  restoreEnumerator(context: SplitEnumeratorContext<SplitT>, checkpoint: EnumChkT): SplitEnumerator<SplitT, EnumChkT>;
  /** Called by the runtime, once per source subtask and attempt. */
  createReader(context: SourceReaderContext): SourceReader<T, SplitT>;
  /** Not needed here: splits are plain data. Without it, they are copied field by field. */
  getSplitSerializer?(): SimpleVersionedSerializer<SplitT>;
  /** As `getSplitSerializer`, for what `snapshotState` of the enumerator returns. */
  getEnumeratorCheckpointSerializer?(): SimpleVersionedSerializer<EnumChkT>;
}

/**
 * Turns values into something that keeps, with a version for later readers. Flink: `SimpleVersionedSerializer`.
 * (Flink: docs/dev/datastream/sources)
 */
export interface SimpleVersionedSerializer<E> {
  /** Number of the form that `serialize` writes. */
  getVersion(): number;
  /** Any plain data; Flink wants bytes. */
  serialize(value: E): unknown;
  /** The object back from its bytes. @param version the form they were written in. */
  deserialize(version: number, serialized: unknown): E;
}

/** Where records go. (Flink: docs/dev/datastream/sources) */
export interface SourceOutput<T> {
  /** @param timestampMs the record's own timestamp, if it has one (epoch ms); the timestamp assigner gets it. */
  collect(value: T, timestampMs?: number): void;
  /** A watermark made by the reader itself, instead of by the strategy's generator. */
  emitWatermark(watermark: number | { readonly timestamp: number }): void;
  /** Takes this output out of the watermark until a record or watermark comes. */
  markIdle(): void;
  /** Takes part in the watermark again, after `markIdle`. */
  markActive(): void;
}

/** The output of a reader, and of each of its splits. Flink: `ReaderOutput`. (Flink: docs/dev/datastream/sources) */
export interface ReaderOutput<T> extends SourceOutput<T> {
  /** The split's own output: it has a watermark generator of its own, and the source's watermark is the minimum over them. Always the same one. */
  createOutputForSplit(splitId: string): SourceOutput<T>;
  /** The split has ended and no longer holds the watermark back. */
  releaseOutputForSplit(splitId: string): void;
}

/** What a reader may report beside its records. Flink: `SourceReaderMetricGroup`. (Flink: docs/dev/datastream/sources) */
export interface SourceReaderMetricGroup extends MetricGroup {
  /** The source's own counters, which its reader keeps: `numRecordsIn` stays 0 when it does not, as in Flink. */
  getIOMetricGroup(): { getNumRecordsInCounter(): Counter };
  /** Records that failed to be read: `numRecordsInErrors`. */
  getNumRecordsInErrorsCounter(): Counter;
  /** Records that lie outside unread: `pendingRecords`. */
  setPendingRecordsGauge(gauge: Gauge<number> | (() => number)): void;
  /** How many bytes are waiting to be read: metric `pendingBytes`. */
  setPendingBytesGauge(gauge: Gauge<number> | (() => number)): void;
}

/** What a source reader can ask of its surroundings. (Flink: docs/dev/datastream/sources) */
export interface SourceReaderContext {
  /** Number of the subtask, counted from 0. */
  getIndexOfSubtask(): number;
  /** How many readers the source has. */
  currentParallelism(): number;
  /** Where to register the reader's metrics. */
  metricGroup(): SourceReaderMetricGroup;
  /** Name of the simulated machine. */
  getLocalHostName(): string;
  /** Tells the enumerator that this reader could take a split: `handleSplitRequest`. */
  sendSplitRequest(): void;
  /** Arrives at the enumerator's `handleSourceEvent`. */
  sendSourceEventToCoordinator(event: SourceEvent): void;
  /** Virtual time, epoch ms. Not in Flink, where readers ask `System.currentTimeMillis()`. */
  currentMs(): number;
  /** Has `pollNext` called at this virtual time, if not before. Not in Flink, where readers have threads that wake them. */
  wakeAt(timestampMs: number): void;
  /**
   * How many records one `pollNext` should emit at most: 1 where time is simulated, more where nothing is to come between records (all costs
   * 0). Not in Flink.
   */
  readonly recordsPerPoll: number;
}

/** Runs in each source subtask. (Flink: docs/dev/datastream/sources) */
export interface SourceReader<T, SplitT extends SourceSplit> {
  /** Before anything else but `addSplits` of restored splits. Readers that ask for splits do it here. */
  start(): void;
  /** Emits one record, or none. (More are allowed, but hold up barriers and backpressure.) */
  pollNext(output: ReaderOutput<T>): InputStatus;
  /** The splits owned now, with their positions. They come back through `addSplits` after a failure, perhaps in another subtask. */
  snapshotState(checkpointId: number): readonly SplitT[];
  /** Asked after NOTHING_AVAILABLE: complete = poll again. A reader that is always "complete" is polled again a millisecond later. */
  isAvailable(): CompletableFuture<void>;
  /** Splits assigned to this reader; after a restore those it had, at their positions. */
  addSplits(splits: readonly SplitT[]): void;
  /** The enumerator will send no more splits: END_OF_INPUT once those here are read. */
  notifyNoMoreSplits(): void;
  /** Called once at the end, and after a failure. */
  close(): void;
  /** A message of the enumerator. */
  handleSourceEvents?(event: SourceEvent): void;
  /** Called when a checkpoint is complete everywhere; the place to confirm offsets outside. */
  notifyCheckpointComplete?(checkpointId: number): void;
  /** Called when a checkpoint was given up. */
  notifyCheckpointAborted?(checkpointId: number): void;
  /**
   * Watermark alignment: read no further in some splits, go on in others. Without this method a source with alignment fails as soon as a
   * split would have to pause, unless `pipeline.watermark-alignment.allow-unaligned-source-splits` is true.
   */
  pauseOrResumeSplits?(splitsToPause: readonly string[], splitsToResume: readonly string[]): void;
  /** Where the record given to `collect` right now lies outside, for recordings; the same object every time. Not in Flink. */
  lastPosition?(): { readonly topic: string; readonly partition: number; readonly offset: number };
}

/** What an enumerator may report. Flink: `SplitEnumeratorMetricGroup`. (Flink: docs/dev/datastream/sources) */
export interface SplitEnumeratorMetricGroup extends MetricGroup {
  /** Splits that no reader has yet: `unassignedSplits`. */
  setUnassignedSplitsGauge(gauge: Gauge<number> | (() => number)): void;
}

/** A reader that has registered. Flink: `ReaderInfo`. (Flink: docs/dev/datastream/sources) */
export interface ReaderInfo {
  /** Number of the reader's subtask, counted from 0. */
  readonly subtaskId: number;
  /** Name of the machine it runs on. */
  readonly location: string;
}

/** Which splits go to which reader. Flink: `SplitsAssignment`. (Flink: docs/dev/datastream/sources) */
export class SplitsAssignment<SplitT extends SourceSplit> {
  readonly #splits: ReadonlyMap<number, readonly SplitT[]>;

  constructor(assignment: ReadonlyMap<number, readonly SplitT[]>) {
    this.#splits = assignment;
  }

  /** Splits by subtask. */
  assignment(): ReadonlyMap<number, readonly SplitT[]> {
    return this.#splits;
  }
}

/** What the enumerator can do. Flink: `SplitEnumeratorContext`. (Flink: docs/dev/datastream/sources) */
export interface SplitEnumeratorContext<SplitT extends SourceSplit> {
  /** Number of readers. */
  currentParallelism(): number;
  /** Readers that have registered, by subtask. */
  registeredReaders(): ReadonlyMap<number, ReaderInfo>;
  /** Gives splits to readers that have registered. */
  assignSplits(assignment: SplitsAssignment<SplitT> | ReadonlyMap<number, readonly SplitT[]>): void;
  /** Gives a split to a reader that has registered. */
  assignSplit(split: SplitT, subtaskId: number): void;
  /** Tells a reader that it will get no further splits; a bounded source ends when all were told and have read theirs. */
  signalNoMoreSplits(subtaskId: number): void;
  /** Arrives at the reader's `handleSourceEvents`. */
  sendEventToSourceReader(subtaskId: number, event: SourceEvent): void;
  /**
   * Calls `callable` and gives its result, or what it threw, to `handler`; with a period (ms) again and again, beginning after the
   * initial delay (ms). An exception of the handler fails the job.
   */
  callAsync<R>(callable: () => R, handler: (result: R | null, error: unknown) => void, initialDelayMs?: number, periodMs?: number): void;
  /** Runs the action next, on its own. */
  runInCoordinatorThread(action: () => void): void;
  /** Accepted: nothing here runs differently while a backlog is read. */
  setIsProcessingBacklog(isProcessingBacklog: boolean): void;
  /** Where to register the enumerator's metrics. */
  metricGroup(): SplitEnumeratorMetricGroup;
  /** Virtual time, epoch ms. Not in Flink. */
  currentMs(): number;
}

/** Runs once per source, on the job manager. (Flink: docs/dev/datastream/sources) */
export interface SplitEnumerator<SplitT extends SourceSplit, CheckpointT = unknown> {
  /** Called once, before any reader registers. */
  start(): void;
  /** A reader asks for a split. */
  handleSplitRequest(subtaskId: number, requesterHostname?: string): void;
  /** A reader's splits come back after a failure of that reader only (before its first checkpoint). */
  addSplitsBack(splits: readonly SplitT[], subtaskId: number): void;
  /** A reader has started. */
  addReader(subtaskId: number): void;
  /** What a restored enumerator needs: splits that are not assigned, or how far discovery has come. */
  snapshotState(checkpointId: number): CheckpointT;
  /** Called once at the end. */
  close(): void;
  /** A message of a reader. */
  handleSourceEvent?(subtaskId: number, event: SourceEvent): void;
  /** Called when a checkpoint is complete everywhere. */
  notifyCheckpointComplete?(checkpointId: number): void;
  /** Called when a checkpoint was given up. */
  notifyCheckpointAborted?(checkpointId: number): void;
}
