import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../base/long.ts";
import { invariant } from "../../base/invariant.ts";
import { timestampOf, type Watermark, type WatermarkOutput } from "./watermark-generator.ts";

/** Told about the watermark of one output (split) before they are combined. */
export interface PartialWatermarkListener {
  onWatermarkUpdate(watermarkMs: number): void;
  onIdleUpdate(idle: boolean): void;
}

/**
 * Combines the watermarks of several outputs in one subtask, one per source split: the minimum over those that are not idle, the
 * maximum once all are (Flink: `WatermarkOutputMultiplexer`). Immediate outputs are combined at once, deferred ones at the next periodic
 * emit. A watermark that rises in the moment all
 * outputs become idle is still emitted before the whole is idle; an output that becomes active again makes the whole active with its
 * next watermark, not before.
 */
export class WatermarkOutputMultiplexer {
  private readonly underlying: WatermarkOutput;
  private readonly partials = new Map<string, PartialWatermark>();
  private combined = MIN_TIMESTAMP;
  private idle = false;

  constructor(underlying: WatermarkOutput) {
    this.underlying = underlying;
  }

  registerNewOutput(outputId: string, listener: PartialWatermarkListener = NO_LISTENER): void {
    invariant(!this.partials.has(outputId), `output ${outputId} is registered already`);
    this.partials.set(outputId, new PartialWatermark(listener));
  }

  /** False when there is no such output. The watermark moves on at the next update. */
  unregisterOutput(outputId: string): boolean {
    return this.partials.delete(outputId);
  }

  getImmediateOutput(outputId: string): WatermarkOutput {
    const partial = this.partialOf(outputId);
    return {
      emitWatermark: (watermark: Watermark | number) => {
        const timestampMs = timestampOf(watermark);
        if (partial.setWatermark(timestampMs) && timestampMs > this.combined) this.updateCombinedWatermark();
      },
      markIdle: () => {
        partial.setIdle(true);
        this.updateCombinedWatermark();
      },
      markActive: () => {
        partial.setIdle(false);
        this.updateCombinedWatermark();
      },
    };
  }

  getDeferredOutput(outputId: string): WatermarkOutput {
    const partial = this.partialOf(outputId);
    return {
      emitWatermark: (watermark: Watermark | number) => {
        partial.setWatermark(timestampOf(watermark));
      },
      markIdle: () => partial.setIdle(true),
      markActive: () => partial.setIdle(false),
    };
  }

  /** Combines what deferred outputs have got since the last time. */
  onPeriodicEmit(): void {
    this.updateCombinedWatermark();
  }

  private partialOf(outputId: string): PartialWatermark {
    const partial = this.partials.get(outputId);
    invariant(partial !== undefined, `no watermark output ${outputId}`);
    return partial;
  }

  private updateCombinedWatermark(): void {
    if (this.partials.size > 0) {
      let minimum = MAX_TIMESTAMP;
      let maximum = MIN_TIMESTAMP;
      let allIdle = true;
      for (const { watermarkMs, idle } of this.partials.values()) {
        if (watermarkMs > maximum) maximum = watermarkMs;
        if (idle) continue;
        allIdle = false;
        if (watermarkMs < minimum) minimum = watermarkMs;
      }
      this.idle = allIdle;
      const combined = allIdle ? maximum : minimum;
      if (combined > this.combined) {
        this.combined = combined;
        this.underlying.emitWatermark(combined);
      }
    }
    if (this.idle) this.underlying.markIdle();
  }
}

const NO_LISTENER: PartialWatermarkListener = { onWatermarkUpdate() {}, onIdleUpdate() {} };

class PartialWatermark {
  watermarkMs = MIN_TIMESTAMP;
  idle = false;
  private readonly listener: PartialWatermarkListener;

  constructor(listener: PartialWatermarkListener) {
    this.listener = listener;
  }

  /** A watermark makes its output active. True when it has risen. */
  setWatermark(watermarkMs: number): boolean {
    this.setIdle(false);
    if (watermarkMs <= this.watermarkMs) return false;
    this.listener.onWatermarkUpdate(watermarkMs);
    this.watermarkMs = watermarkMs;
    return true;
  }

  setIdle(idle: boolean): void {
    this.listener.onIdleUpdate(idle);
    this.idle = idle;
  }
}
