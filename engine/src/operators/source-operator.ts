/**
 * Drives a `SourceReader` in a task (Flink: `SourceOperator`). It is the head of its chain and has no input: the task asks it for one step
 * of reading at a time, while `available`.
 */
import { invariant } from "../base/invariant.ts";
import { MIN_TIMESTAMP } from "../base/long.ts";
import type { ReaderOutput, Source, SourceReader, SourceSplit } from "../flow/connector.ts";
import type { OperatorContext, StateSize, StreamOperator } from "../flow/operator.ts";
import type { OperatorSnapshot } from "../state/snapshot.ts";
import { copyValue, serializedSize } from "../types/value-codec.ts";
import { type SourceListener, SourceWatermarks } from "./source-watermarks.ts";
import { WatermarkStrategy } from "./watermarks/watermark-strategy.ts";

const READER_STATE = "SourceReaderState";

/** Position of a record in the outside world. */
export interface SourcePosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What the task does for its source. */
export interface SourceGateway {
  registerReader(): void;
  requestSplit(): void;
  onAvailable(): void;
  recordRead(position: SourcePosition | null, value: unknown, eventMs: number | null): void;
  splitWatermark(split: string, watermarkMs: number): void;
  splitIdle(split: string, idle: boolean): void;
  watermark(watermarkMs: number): void;
  idle(idle: boolean): void;
}

export class SourceOperator implements StreamOperator, SourceListener {
  private readonly source: Source<unknown>;
  private readonly strategy: WatermarkStrategy<unknown>;
  private context!: OperatorContext;
  private gateway!: SourceGateway;
  private reader!: SourceReader<unknown, SourceSplit>;
  private watermarks!: SourceWatermarks<unknown>;
  private mode: "reading" | "stopped" | "draining" | "ended" = "reading";
  private pendingWakeUps = 0;

  /** Reading may yield something. */
  available = true;
  /** Values given out so far. */
  recordsRead = 0;
  /** The value that was given out last, for messages. */
  lastValue: unknown = undefined;

  private readonly outputOf = (splitId: string): ReaderOutput<unknown> => this.watermarks.outputOf(splitId);

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
  }

  initializeState(restored: OperatorSnapshot | null): void {
    const { context, gateway } = this;
    const { subtaskIndex, parallelism, outside, processingTime } = context;
    this.watermarks = new SourceWatermarks(this.strategy, context, this);
    this.reader = this.source.createReader({
      subtaskIndex,
      parallelism,
      outside,
      currentMs: () => processingTime.currentMs(),
      onAvailable: () => this.becomeAvailable(),
      wakeAt: (timestampMs) => this.wakeAt(timestampMs),
      requestSplit: () => gateway.requestSplit(),
    });
    const splits = restored?.operatorState.find((state) => state.stateName === READER_STATE)?.elements ?? [];
    if (splits.length > 0) this.addSplits(splits.map(copyValue) as SourceSplit[]);
  }

  open(): void {
    this.gateway.registerReader();
    this.reader.start();
    this.watermarks.start();
  }

  /** Reads once. False = the input has ended; the final watermark has been sent. */
  emitNext(): boolean {
    if (this.mode === "draining") return this.end();
    if (this.mode === "stopped") {
      this.available = false;
      return true;
    }
    switch (this.reader.pollNext(this.outputOf)) {
      case "MORE":
        return true;
      case "NOTHING_AVAILABLE":
        this.available = false;
        return true;
      case "END_OF_INPUT":
        return this.end();
    }
  }

  /** Reads no further. `drain` = the next step ends the input. */
  stop(drain: boolean): void {
    if (this.mode !== "reading") return;
    this.mode = drain ? "draining" : "stopped";
    this.available = drain;
    this.watermarks.stop();
  }

  /** A wake-up by the clock is due: the reader waits for time, not for data. */
  get waitsForClock(): boolean {
    return this.pendingWakeUps > 0 && this.mode === "reading";
  }

  addSplits(splits: readonly SourceSplit[]): void {
    // Outputs exist from the start: a split without records holds the watermark back until it is idle.
    for (const split of splits) this.watermarks.outputOf(split.splitId);
    this.reader.addSplits(splits);
    this.becomeAvailable();
  }

  notifyNoMoreSplits(): void {
    this.reader.notifyNoMoreSplits();
    this.becomeAvailable();
  }

  prepareSnapshotPreBarrier(): void {}

  snapshotState(checkpointId: number): OperatorSnapshot {
    const elements = this.reader.snapshotState(checkpointId).map(copyValue);
    return { keyed: null, operatorState: [{ stateName: READER_STATE, mode: "list", elements }], bytes: serializedSize(elements) };
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.reader.notifyCheckpointComplete(checkpointId);
  }

  notifyCheckpointAborted(): void {}

  endInput(): void {}

  finish(): void {}

  close(): void {
    this.mode = "ended";
    this.watermarks?.stop();
    this.reader?.close();
  }

  stateSizes(): readonly StateSize[] {
    return [];
  }

  // ---- SourceListener ----

  recordRead(value: unknown, eventMs: number | null): void {
    this.recordsRead++;
    this.lastValue = value;
    this.gateway.recordRead(this.reader.lastPosition?.() ?? null, value, eventMs);
  }

  splitWatermark(split: string, watermarkMs: number): void {
    if (watermarkMs > MIN_TIMESTAMP) this.gateway.splitWatermark(split, watermarkMs);
  }

  splitIdle(split: string, idle: boolean): void {
    this.gateway.splitIdle(split, idle);
  }

  watermark(watermarkMs: number): void {
    this.gateway.watermark(watermarkMs);
  }

  idle(idle: boolean): void {
    this.gateway.idle(idle);
  }

  private end(): false {
    this.mode = "ended";
    this.available = false;
    this.watermarks.endEventTime();
    return false;
  }

  private becomeAvailable(): void {
    if (this.mode !== "reading") return;
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
}
