import { MIN_TIMESTAMP } from "../../base/long.ts";

/**
 * What alignment compares with the allowed maximum: the watermark of some samples ago, since the maximum is as old as its way through
 * the coordinator took. Size 0 = always the latest. Flink: `WatermarkSampler` (since 2.3, `pipeline.watermark-alignment.buffer-size`).
 */
export class WatermarkSampler {
  latestMs = MIN_TIMESTAMP;
  private readonly samples: number[];

  constructor(size: number) {
    this.samples = new Array<number>(size).fill(MIN_TIMESTAMP);
  }

  get oldestSampleMs(): number {
    return this.samples.length === 0 ? this.latestMs : this.samples[0];
  }

  /** Called at every update interval. */
  sample(): void {
    if (this.samples.length === 0) return;
    this.samples.push(this.latestMs);
    this.samples.shift();
  }
}
