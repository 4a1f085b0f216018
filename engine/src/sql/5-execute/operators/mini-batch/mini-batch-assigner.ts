/**
 * Gives the beat of mini-batches as watermarks: whoever gathers a batch lets it go when one comes. Placed right behind the sources.
 */
import { MAX_TIMESTAMP } from "../../../../base/long.ts";
import { AbstractStreamOperator } from "../../../../flow/abstract-stream-operator.ts";
import type { OneInputStreamOperator } from "../../../../flow/operator.ts";
import type { StreamRecord } from "../../../../flow/stream-record.ts";

/** By processing time, where nothing above needs watermarks: those of the source end here (Flink: `ProcTimeMiniBatchAssignerOperator`). */
export class ProcTimeMiniBatchAssignerOperator extends AbstractStreamOperator implements OneInputStreamOperator {
  private readonly intervalMs: number;
  private currentWatermark = 0;

  constructor(intervalMs: number) {
    super();
    this.intervalMs = intervalMs;
  }

  override open(): void {
    this.schedule(this.context.processingTime.currentMs() + this.intervalMs);
  }

  private schedule(atMs: number): void {
    this.context.processingTime.schedule(atMs, (nowMs) => {
      this.beat();
      this.schedule(nowMs + this.intervalMs);
    });
  }

  processElement(record: StreamRecord): void {
    this.beat();
    this.output.collect(record);
  }

  private beat(): void {
    const now = this.context.processingTime.currentMs();
    const batch = now - (now % this.intervalMs);
    if (batch <= this.currentWatermark) return;
    this.currentWatermark = batch;
    this.output.emitWatermark(batch);
  }

  /** Only the end of the input is passed on. */
  override processWatermark(timestampMs: number): void {
    if (timestampMs !== MAX_TIMESTAMP || this.currentWatermark === MAX_TIMESTAMP) return;
    this.currentWatermark = MAX_TIMESTAMP;
    this.output.emitWatermark(MAX_TIMESTAMP);
  }
}

/** By event time: of the watermarks only the first of each interval is passed on (Flink: `RowTimeMiniBatchAssginerOperator`). */
export class RowTimeMiniBatchAssignerOperator extends AbstractStreamOperator implements OneInputStreamOperator {
  private readonly intervalMs: number;
  private currentWatermark = 0;
  private nextWatermark: number;

  constructor(intervalMs: number) {
    super();
    this.intervalMs = intervalMs;
    this.nextWatermark = intervalMs - 1;
  }

  processElement(record: StreamRecord): void {
    this.output.collect(record);
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs === MAX_TIMESTAMP) {
      if (this.currentWatermark === MAX_TIMESTAMP) return;
      this.currentWatermark = MAX_TIMESTAMP;
      this.output.emitWatermark(MAX_TIMESTAMP);
      return;
    }
    if (timestampMs > this.currentWatermark) this.currentWatermark = timestampMs;
    if (this.currentWatermark >= this.nextWatermark) this.advance();
  }

  private advance(): void {
    const { currentWatermark, intervalMs } = this;
    this.output.emitWatermark(currentWatermark);
    const end = Math.floor(currentWatermark / intervalMs) * intervalMs + intervalMs - 1;
    this.nextWatermark = end > currentWatermark ? end : end + intervalMs;
  }

  /** What has come in since the last beat. */
  override finish(): void {
    if (this.currentWatermark > 0 && this.currentWatermark !== MAX_TIMESTAMP) this.output.emitWatermark(this.currentWatermark);
  }
}
