/** The two ends of a source's watermarks: the one stream that leaves the subtask, and who decides that it is idle. */
import { MIN_TIMESTAMP } from "../base/long.ts";
import type { Output } from "../flow/output.ts";
import { timestampOf, type Watermark, type WatermarkOutput } from "./watermarks/watermark-generator.ts";

/** Told what leaves the source. */
export interface StreamWatermarkListener {
  watermark(watermarkMs: number): void;
  idle(idle: boolean): void;
}

/** The subtask's one stream of watermarks: rising only, and active or idle (Flink: `WatermarkToDataOutput`). */
export class StreamWatermarks implements WatermarkOutput {
  private readonly output: Output;
  private readonly listener: StreamWatermarkListener;
  private highest = MIN_TIMESTAMP;
  private idle = false;

  constructor(output: Output, listener: StreamWatermarkListener) {
    this.output = output;
    this.listener = listener;
  }

  emitWatermark(watermark: Watermark | number): void {
    const timestampMs = timestampOf(watermark);
    if (timestampMs <= this.highest) return;
    this.highest = timestampMs;
    this.markActive();
    this.listener.watermark(timestampMs);
    this.output.emitWatermark(timestampMs);
  }

  markIdle(): void {
    this.setIdle(true);
  }

  markActive(): void {
    this.setIdle(false);
  }

  private setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.listener.idle(idle);
    this.output.emitWatermarkStatus(idle);
  }
}

/** Idle only when both the splits together and the main generator are (Flink: `IdlenessManager`). */
export class IdlenessManager {
  readonly splitOutput: WatermarkOutput;
  readonly mainOutput: WatermarkOutput;
  private splitsIdle = true;
  private mainIdle = true;

  constructor(underlying: WatermarkOutput) {
    const markIfIdle = () => {
      if (this.splitsIdle && this.mainIdle) underlying.markIdle();
    };
    this.splitOutput = awareOutput(underlying, markIfIdle, (idle) => {
      this.splitsIdle = idle;
    });
    this.mainOutput = awareOutput(underlying, markIfIdle, (idle) => {
      this.mainIdle = idle;
    });
  }
}

function awareOutput(underlying: WatermarkOutput, markIfIdle: () => void, set: (idle: boolean) => void): WatermarkOutput {
  return {
    emitWatermark(watermark) {
      set(false);
      underlying.emitWatermark(watermark);
    },
    markIdle() {
      set(true);
      markIfIdle();
    },
    markActive() {
      set(false);
      underlying.markActive();
    },
  };
}
