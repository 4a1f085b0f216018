/**
 * Watermark alignment in one source subtask. (Flink: docs/dev/datastream/event-time/generating_watermarks#watermark-alignment)
 *
 * Every update interval the subtask reports its watermark to the coordinator, which answers with the highest watermark allowed: the lowest
 * of the group plus the drift. A split above it pauses, and so does the whole source when its own watermark is above it; both go on when
 * the maximum has risen. What is compared is not the latest watermark but the one of three intervals ago (`WatermarkSampler`), since
 * the maximum itself is that old; so a source reads freely for about three intervals before alignment holds it.
 */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import { WatermarkSampler } from "./watermarks/watermark-sampler.ts";

/** Flink: `pipeline.watermark-alignment.…`. */
export interface AlignmentSettings {
  /** How many samples old the watermark is that is compared; 0 = the latest, as before Flink 2.3. */
  readonly bufferSize: number;
  readonly allowUnalignedSourceSplits: boolean;
}

/** What alignment makes the source do. */
export interface AlignedSource {
  pauseOrResumeSplits(splitsToPause: readonly string[], splitsToResume: readonly string[]): void;
  /** The source as a whole has to wait, or may go on. */
  waitForAlignment(waiting: boolean): void;
  reportWatermark(watermarkMs: number): void;
}

interface SplitAlignment {
  readonly sampler: WatermarkSampler;
  idle: boolean;
  paused: boolean;
}

export class SourceAlignment {
  waiting = false;
  /** Undefined until the coordinator has announced one. */
  maxDesiredMs: number | undefined = undefined;
  private readonly source: AlignedSource;
  private readonly bufferSize: number;
  private readonly whole: WatermarkSampler;
  private readonly splits = new Map<string, SplitAlignment>();
  private idle = false;
  private ended = false;

  constructor(source: AlignedSource, bufferSize: number) {
    this.source = source;
    this.bufferSize = bufferSize;
    this.whole = new WatermarkSampler(bufferSize);
  }

  /** Splits that must not be read now. */
  get pausedSplits(): readonly string[] {
    return [...this.splits].filter(([, split]) => split.paused).map(([splitId]) => splitId);
  }

  addSplit(splitId: string): void {
    if (!this.splits.has(splitId)) {
      this.splits.set(splitId, { sampler: new WatermarkSampler(this.bufferSize), idle: false, paused: false });
    }
  }

  splitFinished(splitId: string): void {
    this.splits.delete(splitId);
  }

  splitWatermark(splitId: string, watermarkMs: number): void {
    const split = this.splits.get(splitId);
    if (split === undefined) return;
    split.sampler.latestMs = watermarkMs;
    if (!split.idle) this.pauseWhenAhead(splitId, split);
  }

  splitIdle(splitId: string, idle: boolean): void {
    const split = this.splits.get(splitId);
    if (split === undefined || split.idle === idle) return;
    split.idle = idle;
    if (!idle) this.pauseWhenAhead(splitId, split);
  }

  watermark(watermarkMs: number): void {
    this.whole.latestMs = watermarkMs;
    this.checkWhole();
  }

  setIdle(idle: boolean): void {
    this.idle = idle;
  }

  /** The coordinator has announced a maximum. */
  announced(maxDesiredMs: number): void {
    this.maxDesiredMs = maxDesiredMs;
    this.checkWhole();
    this.checkSplits();
  }

  /** An update interval has passed. */
  sampleAndReport(): void {
    if (this.ended) return;
    for (const { sampler } of this.splits.values()) sampler.sample();
    this.whole.sample();
    this.checkWhole();
    this.checkSplits();
    this.report();
  }

  /** The input has ended: it holds nobody back any more. */
  end(): void {
    this.whole.latestMs = MAX_TIMESTAMP;
    this.report();
    this.ended = true;
  }

  private report(): void {
    const { latestMs } = this.whole;
    if (latestMs !== MIN_TIMESTAMP) this.source.reportWatermark(this.idle ? MAX_TIMESTAMP : latestMs);
  }

  private isAhead(sampler: WatermarkSampler): boolean {
    return this.maxDesiredMs !== undefined && sampler.oldestSampleMs > this.maxDesiredMs;
  }

  private pauseWhenAhead(splitId: string, split: SplitAlignment): void {
    if (split.paused || !this.isAhead(split.sampler)) return;
    split.paused = true;
    this.source.pauseOrResumeSplits([splitId], []);
  }

  private checkSplits(): void {
    const toPause: string[] = [];
    const toResume: string[] = [];
    for (const [splitId, split] of this.splits) {
      if (split.idle) continue;
      const ahead = this.isAhead(split.sampler);
      if (ahead === split.paused) continue;
      split.paused = ahead;
      (ahead ? toPause : toResume).push(splitId);
    }
    if (toPause.length > 0 || toResume.length > 0) this.source.pauseOrResumeSplits(toPause, toResume);
  }

  private checkWhole(): void {
    const waiting = !this.ended && this.isAhead(this.whole);
    if (waiting === this.waiting) return;
    this.waiting = waiting;
    this.source.waitForAlignment(waiting);
  }
}
