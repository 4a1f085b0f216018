/**
 * Drives a `SourceReader` in a task (Flink: `SourceOperator`). It is the head of its chain and has no input: the task asks it for one step
 * of reading at a time, while `available`.
 */
import { granting } from "../flow/engine-access.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { invariant } from "../base/invariant.ts";
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import { CompletableFuture } from "../flow/completable-future.ts";
import { NO_STATE_SIZES, type OperatorContext, type StateSize, type StreamOperator } from "../flow/operator.ts";
import type { Source, SourceEvent, SourceReader, SourceSplit } from "../flow/source.ts";
import type { OperatorSnapshot } from "../state/snapshot.ts";
import { copyValue, serializedSize } from "../types/value-codec.ts";
import { type AlignedSource, type AlignmentSettings, SourceAlignment } from "./source-alignment.ts";
import { ReaderMetricGroup, SourceLags } from "./source-reader-metrics.ts";
import { type SourceListener, SourceWatermarks } from "./source-watermarks.ts";
import { WatermarkStrategy } from "./watermarks/watermark-strategy.ts";

const READER_STATE = "SourceReaderState";
/** A reader that has nothing, but says that it is available, is asked again after this time. */
const POLL_AGAIN_MS = 1;
/** A source that alignment holds counts as held for good when nothing has moved for so many update intervals. */
const HELD_FOR_GOOD_INTERVALS = 10;

/** Position of a record in the outside world. */
export interface SourcePosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What the task does for its source. */
export interface SourceGateway {
  readonly alignment: AlignmentSettings;
  readonly recordsPerPoll: number;
  registerReader(): void;
  requestSplit(): void;
  sourceEvent(event: SourceEvent): void;
  /** For alignment. */
  reportWatermark(watermarkMs: number): void;
  onAvailable(): void;
  /** Whether records without a position must be told one by one too. */
  wantsEachRead(): boolean;
  blindReads(count: number): void;
  recordRead(position: SourcePosition | null, value: unknown, eventMs: number | null): void;
  splitAssigned(split: string, assigned: boolean): void;
  /** `split` null = the source as a whole. */
  aligned(split: string | null, paused: boolean, maxDesiredMs: number): void;
  splitWatermark(split: string, watermarkMs: number): void;
  splitIdle(split: string, idle: boolean): void;
  watermark(watermarkMs: number): void;
  idle(idle: boolean): void;
}

export class SourceOperator implements StreamOperator, SourceListener, AlignedSource {
  private readonly source: Source<unknown>;
  private strategy: WatermarkStrategy<unknown>;
  private context!: OperatorContext;
  private gateway!: SourceGateway;
  private reader!: SourceReader<unknown, SourceSplit>;
  private watermarks!: SourceWatermarks<unknown>;
  private alignment: SourceAlignment | null = null;
  private readonly lags = new SourceLags();
  private mode: "reading" | "stopped" | "draining" | "ended" = "reading";
  private pendingWakeUps = 0;
  private pollsAgain = false;
  /** The reader's future that will make it available. */
  private awaited: unknown = null;
  /** Nobody wants to hear of single records, which have no position either. */
  private blind = false;
  private untold = 0;
  /** When alignment, or the input, last moved on. */
  private lastProgressMs = 0;

  /** Reading may yield something. */
  available = true;
  /** Values given out so far. */
  recordsRead = 0;
  private lastOutput: { readonly lastValue: unknown } | null = null;

  /** @param watermarks a `WatermarkStrategy`, or undefined for none. */
  constructor(source: Source<unknown>, watermarks: unknown) {
    this.source = source;
    const strategy = watermarks ?? WatermarkStrategy.noWatermarks();
    invariant(strategy instanceof WatermarkStrategy, "a source's watermarks must be a WatermarkStrategy");
    this.strategy = strategy as WatermarkStrategy<unknown>;
  }

  /** To be called between setup and initializeState. */
  attach(gateway: SourceGateway): void {
    this.gateway = gateway;
  }

  setup(context: OperatorContext): void {
    this.context = context;
    if (context.batch === true) this.strategy = this.strategy.timestampsOnly();
  }

  initializeState(restored: OperatorSnapshot | null): void {
    const { context, gateway } = this;
    const { subtaskIndex, parallelism, outside, processingTime } = context;
    if (this.strategy.getAlignmentParameters() !== undefined) this.alignment = new SourceAlignment(this, gateway.alignment.bufferSize);
    this.watermarks = new SourceWatermarks(this.strategy, context, this);
    const metrics = new ReaderMetricGroup(context.metricGroup.handle);
    this.reader = this.source.createReader(
      granting(
        {
          getIndexOfSubtask: () => subtaskIndex,
          currentParallelism: () => parallelism,
          metricGroup: () => metrics,
          getLocalHostName: () => `taskmanager-${subtaskIndex}`,
          sendSplitRequest: () => gateway.requestSplit(),
          sendSourceEventToCoordinator: (event) => gateway.sourceEvent(copyValue(event)),
          currentMs: () => processingTime.currentMs(),
          wakeAt: (timestampMs) => this.wakeAt(timestampMs),
          recordsPerPoll: gateway.recordsPerPoll,
        },
        { outside },
      ),
    );
    this.blind = this.reader.lastPosition === undefined && !gateway.wantsEachRead();
    const splits = restored?.operatorState.find((state) => state.stateName === READER_STATE)?.elements ?? [];
    if (splits.length > 0) this.addSplits(splits.map((split) => this.readSplit(split)));
  }

  open(): void {
    this.gateway.registerReader();
    this.reader.start();
    this.watermarks.start();
    this.startAlignment();
  }

  /** Reads once. False = the input has ended; the final watermark has been sent. */
  emitNext(): boolean {
    if (this.mode === "draining") return this.end();
    if (this.mode === "stopped" || this.alignment?.waiting === true) {
      this.available = false;
      return true;
    }
    switch (this.reader.pollNext(this.watermarks.mainOutput)) {
      case "MORE_AVAILABLE":
        return true;
      case "NOTHING_AVAILABLE":
        this.waitForData();
        return true;
      case "END_OF_INPUT":
        return this.end();
      default:
        throw badAnswer("pollNext(output) must return an InputStatus.", "MORE_AVAILABLE, NOTHING_AVAILABLE or END_OF_INPUT");
    }
  }

  /** Reads no further. `drain` = the next step ends the input. */
  stop(drain: boolean): void {
    if (this.mode !== "reading") return;
    this.mode = drain ? "draining" : "stopped";
    this.available = drain;
    this.watermarks.stop();
  }

  /** The reader waits for time, or alignment for other sources: there will be more although no data come. */
  get waitsForClock(): boolean {
    if (this.mode !== "reading") return false;
    return this.pendingWakeUps > 0 || this.heldByAlignment();
  }

  addSplits(splits: readonly SourceSplit[]): void {
    // Outputs exist from the start: a split without records holds the watermark back until it is idle.
    for (const split of splits) {
      this.watermarks.createOutputForSplit(split.splitId);
      this.alignment?.addSplit(split.splitId);
      this.gateway.splitAssigned(split.splitId, true);
    }
    this.reader.addSplits(splits);
    this.becomeAvailable();
  }

  notifyNoMoreSplits(): void {
    this.reader.notifyNoMoreSplits();
    this.becomeAvailable();
  }

  handleSourceEvent(event: SourceEvent): void {
    invariant(this.reader !== undefined, "a source event came before the reader was made");
    this.reader.handleSourceEvents?.(event);
    this.becomeAvailable();
  }

  /** The coordinator of the alignment group has announced the highest watermark allowed. */
  watermarkAligned(maxDesiredMs: number): void {
    const { alignment } = this;
    if (alignment === null || this.mode !== "reading") return;
    if (alignment.maxDesiredMs !== maxDesiredMs) this.lastProgressMs = this.context.processingTime.currentMs();
    alignment.announced(maxDesiredMs);
  }

  /** Idle time, lags and drift, under Flink's names. */
  sourceMetrics(): Record<string, number> {
    return this.lags.values(this.context.processingTime.currentMs(), this.alignment?.maxDesiredMs);
  }

  prepareSnapshotPreBarrier(): void {}

  snapshotState(checkpointId: number): OperatorSnapshot {
    const elements = this.reader.snapshotState(checkpointId).map((split) => this.writeSplit(split));
    const operatorState = elements.length === 0 ? [] : [{ stateName: READER_STATE, mode: "list" as const, elements }];
    return { keyed: null, operatorState, bytes: serializedSize(elements) };
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.reader.notifyCheckpointComplete?.(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.reader.notifyCheckpointAborted?.(checkpointId);
  }

  endInput(): void {}

  finish(): void {}

  close(): void {
    this.mode = "ended";
    this.watermarks?.stop();
    this.reader?.close();
  }

  stateSizes(): readonly StateSize[] {
    return NO_STATE_SIZES;
  }

  // ---- SourceListener ----

  /** The value that was given out last, for messages. */
  get lastValue(): unknown {
    return this.lastOutput?.lastValue;
  }

  recordRead(output: { readonly lastValue: unknown }, value: unknown, eventMs: number): void {
    this.recordsRead++;
    if (this.lastOutput !== output) this.lastOutput = output;
    this.lags.recordEmitted(eventMs);
    if (this.blind) this.untold++;
    else this.gateway.recordRead(this.reader.lastPosition?.() ?? null, value, eventMs === MIN_TIMESTAMP ? null : eventMs);
  }

  /** Tells of records that were read but have not been told of. */
  tellReads(): void {
    if (this.untold === 0) return;
    this.gateway.blindReads(this.untold);
    this.untold = 0;
  }

  splitWatermark(split: string, watermarkMs: number): void {
    if (watermarkMs <= MIN_TIMESTAMP) return;
    this.gateway.splitWatermark(split, watermarkMs);
    this.alignment?.splitWatermark(split, watermarkMs);
  }

  splitIdle(split: string, idle: boolean): void {
    this.gateway.splitIdle(split, idle);
    this.alignment?.splitIdle(split, idle);
  }

  splitFinished(split: string): void {
    this.gateway.splitAssigned(split, false);
    this.alignment?.splitFinished(split);
  }

  watermark(watermarkMs: number): void {
    this.lags.watermarkEmitted(watermarkMs);
    this.gateway.watermark(watermarkMs);
    this.alignment?.watermark(watermarkMs);
  }

  idle(idle: boolean): void {
    this.gateway.idle(idle);
    this.alignment?.setIdle(idle);
  }

  // ---- AlignedSource ----

  pauseOrResumeSplits(splitsToPause: readonly string[], splitsToResume: readonly string[]): void {
    const { reader } = this;
    if (reader.pauseOrResumeSplits === undefined) {
      if (this.gateway.alignment.allowUnalignedSourceSplits) return;
      throw cannotPause();
    }
    reader.pauseOrResumeSplits(splitsToPause, splitsToResume);
    this.watermarks.pauseOrResumeSplits(splitsToPause, splitsToResume);
    for (const split of splitsToPause) this.gateway.aligned(split, true, this.maxDesiredMs);
    for (const split of splitsToResume) this.gateway.aligned(split, false, this.maxDesiredMs);
    if (splitsToResume.length > 0) this.becomeAvailable();
  }

  waitForAlignment(waiting: boolean): void {
    this.gateway.aligned(null, waiting, this.maxDesiredMs);
    if (waiting) {
      this.watermarks.clock.pause();
      return;
    }
    this.watermarks.clock.unPause();
    this.becomeAvailable();
  }

  reportWatermark(watermarkMs: number): void {
    this.gateway.reportWatermark(watermarkMs);
  }

  private get maxDesiredMs(): number {
    return this.alignment?.maxDesiredMs ?? MAX_TIMESTAMP;
  }

  private startAlignment(): void {
    const { alignment } = this;
    const parameters = this.strategy.getAlignmentParameters();
    if (alignment === null || parameters === undefined) return;
    const { processingTime } = this.context;
    const schedule = () => {
      // A timer for t runs once t has passed, i.e. at t + 1.
      processingTime.schedule(processingTime.currentMs() + parameters.updateIntervalMs - 1, () => {
        if (this.mode !== "reading") return;
        alignment.sampleAndReport();
        schedule();
      });
    };
    schedule();
  }

  private heldByAlignment(): boolean {
    const { alignment } = this;
    if (alignment === null || !(alignment.waiting || alignment.pausedSplits.length > 0)) return false;
    const patienceMs = HELD_FOR_GOOD_INTERVALS * (this.strategy.getAlignmentParameters()?.updateIntervalMs ?? 0);
    return this.context.processingTime.currentMs() - this.lastProgressMs <= patienceMs;
  }

  private waitForData(): void {
    this.available = false;
    const nowMs = this.context.processingTime.currentMs();
    this.lags.idlingStarted(nowMs);
    const availability: unknown = this.reader.isAvailable();
    if (!(availability instanceof CompletableFuture)) {
      throw badAnswer("isAvailable() must return a CompletableFuture.", "CompletableFuture of this library; not a Promise");
    }
    if (availability.isDone()) this.pollAgain(nowMs + POLL_AGAIN_MS);
    else if (availability !== this.awaited) {
      this.awaited = availability;
      availability.thenRun(() => this.becomeAvailable());
    }
  }

  private pollAgain(atMs: number): void {
    if (this.pollsAgain) return;
    this.pollsAgain = true;
    this.context.processingTime.schedule(atMs - 1, () => {
      this.pollsAgain = false;
      this.becomeAvailable();
    });
  }

  private end(): false {
    this.mode = "ended";
    this.available = false;
    this.lags.idlingStarted(this.context.processingTime.currentMs());
    this.watermarks.endEventTime();
    this.alignment?.end();
    return false;
  }

  private becomeAvailable(): void {
    if (this.mode !== "reading" || this.alignment?.waiting === true) return;
    this.available = true;
    this.gateway.onAvailable();
  }

  private wakeAt(timestampMs: number): void {
    this.pendingWakeUps++;
    // A timer for t runs once t has passed, i.e. at t + 1.
    this.context.processingTime.schedule(timestampMs - 1, () => {
      this.pendingWakeUps--;
      this.becomeAvailable();
    });
  }

  private writeSplit(split: SourceSplit): unknown {
    const serializer = this.source.getSplitSerializer?.();
    if (serializer === undefined) return copyValue(split);
    return { version: serializer.getVersion(), split: copyValue(serializer.serialize(split)) };
  }

  private readSplit(element: unknown): SourceSplit {
    const serializer = this.source.getSplitSerializer?.();
    if (serializer === undefined) return copyValue(element) as SourceSplit;
    const { version, split } = element as { readonly version: number; readonly split: unknown };
    return serializer.deserialize(version, copyValue(split));
  }
}

function badAnswer(message: string, expected: string): Diagnostic {
  return new Diagnostic({
    code: "SOURCE_READER_ANSWER",
    phase: "runtime",
    message: `A source reader broke its contract: ${message}`,
    expected,
  });
}

function cannotPause(): Diagnostic {
  return new Diagnostic({
    code: "SOURCE_CANNOT_PAUSE_SPLITS",
    phase: "runtime",
    message: "This source reader does not support pausing or resuming splits which can lead to unaligned splits.",
    expected: "a reader with pauseOrResumeSplits(splitsToPause, splitsToResume)",
    hint: "Implement it, or accept unaligned splits with pipeline.watermark-alignment.allow-unaligned-source-splits = true.",
  });
}
