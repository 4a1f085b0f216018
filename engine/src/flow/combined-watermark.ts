import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";

/**
 * The minimum watermark over the inputs that are not idle; once all are idle, the maximum over all of them, since nobody holds it back
 * any more. Never falls (Flink: `CombinedWatermarkStatus`).
 */
export class CombinedWatermark {
  private readonly watermarks: number[];
  private readonly idles: boolean[];
  private combined = MIN_TIMESTAMP;
  private allIdle = false;

  constructor(inputs: number) {
    this.watermarks = new Array<number>(inputs).fill(MIN_TIMESTAMP);
    this.idles = new Array<boolean>(inputs).fill(false);
  }

  /** True once every input is idle. */
  get idle(): boolean {
    return this.allIdle;
  }

  get watermarkMs(): number {
    return this.combined;
  }

  /** A watermark makes its input active. True when the combined watermark has risen. */
  updateWatermark(input: number, timestampMs: number): boolean {
    this.idles[input] = false;
    if (timestampMs <= this.watermarks[input]) return false;
    this.watermarks[input] = timestampMs;
    return this.update();
  }

  /** True when the combined watermark has risen. */
  updateStatus(input: number, idle: boolean): boolean {
    this.idles[input] = idle;
    return this.update();
  }

  private update(): boolean {
    let minimum = MAX_TIMESTAMP;
    let maximum = MIN_TIMESTAMP;
    let allIdle = true;
    for (let input = 0; input < this.watermarks.length; input++) {
      const watermarkMs = this.watermarks[input];
      if (watermarkMs > maximum) maximum = watermarkMs;
      if (this.idles[input]) continue;
      allIdle = false;
      if (watermarkMs < minimum) minimum = watermarkMs;
    }
    this.allIdle = allIdle;
    const combined = allIdle ? maximum : minimum;
    if (combined <= this.combined) return false;
    this.combined = combined;
    return true;
  }
}
