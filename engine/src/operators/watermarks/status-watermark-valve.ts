import { MIN_TIMESTAMP } from "../../base/long.ts";

/** Where the valve's combined watermark and status go. */
export interface ValveOutput {
  emitWatermark(timestampMs: number): void;
  emitWatermarkStatus(idle: boolean): void;
}

/**
 * Combines the watermarks of the channels of one input gate (Flink: `StatusWatermarkValve`): the minimum over aligned channels.
 *
 * A channel that comes back from idleness behind the last output watermark is active but not aligned: it must first catch up, until
 * then it neither holds the watermark back nor counts. When the last active channel goes idle and it was the one that held the
 * watermark back, the maximum over all channels is flushed before the gate reports itself idle.
 */
export class StatusWatermarkValve {
  private readonly output: ValveOutput;
  private readonly watermarks: number[];
  private readonly idles: boolean[];
  private readonly aligned: boolean[];
  private lastOutputWatermark = MIN_TIMESTAMP;
  private idle = false;
  private activeChannels: number;

  /** @param channels number of input channels, at least 1. */
  constructor(channels: number, output: ValveOutput) {
    this.output = output;
    this.watermarks = new Array<number>(channels).fill(MIN_TIMESTAMP);
    this.idles = new Array<boolean>(channels).fill(false);
    this.aligned = new Array<boolean>(channels).fill(true);
    this.activeChannels = channels;
  }

  inputWatermark(timestampMs: number, channel: number): void {
    // Watermarks of idle channels are meaningless; those that do not rise change nothing.
    if (this.idle || this.idles[channel] || timestampMs <= this.watermarks[channel]) return;
    this.watermarks[channel] = timestampMs;
    if (!this.aligned[channel] && timestampMs >= this.lastOutputWatermark) this.aligned[channel] = true;
    this.emitNewMinimum();
  }

  inputWatermarkStatus(idle: boolean, channel: number): void {
    if (idle === this.idles[channel]) return;
    this.idles[channel] = idle;
    if (idle) this.becomeIdle(channel);
    else this.becomeActive(channel);
  }

  private becomeIdle(channel: number): void {
    this.activeChannels--;
    this.aligned[channel] = false;
    const heldBack = this.watermarks[channel] === this.lastOutputWatermark;
    if (this.activeChannels === 0) {
      if (heldBack) this.emitIfHigher(Math.max(...this.watermarks));
      this.idle = true;
      this.output.emitWatermarkStatus(true);
    } else if (heldBack) {
      this.emitNewMinimum();
    }
  }

  private becomeActive(channel: number): void {
    this.activeChannels++;
    if (this.watermarks[channel] >= this.lastOutputWatermark) this.aligned[channel] = true;
    if (this.idle) {
      this.idle = false;
      this.output.emitWatermarkStatus(false);
    }
  }

  private emitNewMinimum(): void {
    let minimum: number | undefined;
    for (let channel = 0; channel < this.watermarks.length; channel++) {
      if (this.aligned[channel] && (minimum === undefined || this.watermarks[channel] < minimum)) minimum = this.watermarks[channel];
    }
    if (minimum !== undefined) this.emitIfHigher(minimum);
  }

  private emitIfHigher(timestampMs: number): void {
    if (timestampMs <= this.lastOutputWatermark) return;
    this.lastOutputWatermark = timestampMs;
    this.output.emitWatermark(timestampMs);
  }
}
