import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import { AbstractStreamOperator } from "../flow/abstract-stream-operator.ts";
import type { OneInputStreamOperator } from "../flow/operator.ts";
import type { Output } from "../flow/output.ts";
import { inputActivityMs } from "../flow/processing-time.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { badTimestamp } from "./watermarks/bad-timestamp.ts";
import { PeriodicEmission } from "./watermarks/periodic-emission.ts";
import {
  emitPeriodically,
  type TimestampAssigner,
  timestampOf,
  type Watermark,
  type WatermarkGenerator,
  type WatermarkOutput,
} from "./watermarks/watermark-generator.ts";
import type { WatermarkStrategy } from "./watermarks/watermark-strategy.ts";

/**
 * `assignTimestampsAndWatermarks` in the middle of a pipeline: gives records new timestamps and makes watermarks out of them. What
 * comes from upstream is ignored, except the last watermark (MAX_TIMESTAMP), which ends event time.
 */
export class TimestampsAndWatermarksOperator<T> extends AbstractStreamOperator implements OneInputStreamOperator {
  private strategy: WatermarkStrategy<T>;
  /** False where nothing can come late (bounded execution): only the final watermark is emitted. */
  private readonly emitProgressiveWatermarks: boolean;
  private assigner!: TimestampAssigner<T>;
  private generator!: WatermarkGenerator<T>;
  private emitter!: WatermarkEmitter;
  private emission: PeriodicEmission | undefined;

  constructor(strategy: WatermarkStrategy<T>, emitProgressiveWatermarks = true) {
    super();
    this.strategy = strategy;
    this.emitProgressiveWatermarks = emitProgressiveWatermarks;
  }

  override open(): void {
    super.open();
    if (this.context.batch === true) this.strategy = this.strategy.timestampsOnly();
    this.assigner = this.strategy.createTimestampAssigner(this.context.metricGroup.handle);
    const { processingTime, metricGroup } = this.context;
    this.generator = this.strategy.createWatermarkGenerator({ currentMs: () => inputActivityMs(processingTime) }, metricGroup.handle);
    this.emitter = new WatermarkEmitter(this.output);
    this.startPeriodicEmission();
  }

  processElement(record: StreamRecord): void {
    const event = record.value as T;
    const timestamp = this.assigner.extractTimestamp(event, record.hasTimestamp ? record.timestamp : MIN_TIMESTAMP);
    if (typeof timestamp !== "number" || Number.isNaN(timestamp)) throw badTimestamp(timestamp);
    record.setTimestamp(timestamp);
    this.output.collect(record);
    this.generator.onEvent(event, timestamp, this.emitter);
    this.emission?.touch();
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs === MAX_TIMESTAMP) this.emitter.emitWatermark(MAX_TIMESTAMP);
  }

  override processWatermarkStatus(_idle: boolean): void {}

  override finish(): void {
    super.finish();
    this.generator.onPeriodicEmit(this.emitter);
  }

  override close(): void {
    super.close();
    this.emission?.stop();
    this.emission = undefined;
  }

  /** The generator's clock stands still under backpressure; what it says is then later by as much. */
  private emitPeriodically(): number {
    const { processingTime } = this.context;
    return emitPeriodically(this.generator, this.emitter) + processingTime.currentMs() - inputActivityMs(processingTime);
  }

  private startPeriodicEmission(): void {
    const { autoWatermarkIntervalMs, processingTime } = this.context;
    if (autoWatermarkIntervalMs <= 0 || !this.emitProgressiveWatermarks) return;
    this.emission = new PeriodicEmission(
      processingTime,
      autoWatermarkIntervalMs,
      () => emitPeriodically(this.generator, this.emitter),
      "startsGridAnew",
    );
    this.emission.start(processingTime.currentMs());
  }
}

/** Keeps watermarks rising and the status to changes only. */
export class WatermarkEmitter implements WatermarkOutput {
  readonly #output: Output;
  #currentWatermark = MIN_TIMESTAMP;
  #idle = false;

  constructor(output: Output) {
    this.#output = output;
  }

  emitWatermark(watermark: Watermark | number): void {
    const timestampMs = timestampOf(watermark);
    if (timestampMs <= this.#currentWatermark) return;
    this.#currentWatermark = timestampMs;
    this.markActive();
    this.#output.emitWatermark(timestampMs);
  }

  markIdle(): void {
    if (this.#idle) return;
    this.#idle = true;
    this.#output.emitWatermarkStatus(true);
  }

  markActive(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#output.emitWatermarkStatus(false);
  }
}
