import type { Histogram, HistogramStatistics } from "./metric.ts";

/** The distribution of the last `windowSize` values. Flink: `DescriptiveStatisticsHistogram`. (Flink: docs/ops/metrics) */
export class DescriptiveStatisticsHistogram implements Histogram {
  readonly #window: number[] = [];
  readonly #windowSize: number = 0;
  #count = 0;

  /** @param windowSize how many values are kept. */
  constructor(windowSize: number) {
    if (!Number.isInteger(windowSize) || windowSize < 1) throw new RangeError(`A histogram keeps at least one value, not ${windowSize}`);
    this.#windowSize = windowSize;
  }

  update(value: number): void {
    this.#window[this.#count++ % this.#windowSize] = value;
  }

  getCount(): number {
    return this.#count;
  }

  getStatistics(): HistogramStatistics {
    return new SortedStatistics([...this.#window].sort((a, b) => a - b));
  }
}

class SortedStatistics implements HistogramStatistics {
  readonly #sorted: readonly number[];

  constructor(sorted: readonly number[]) {
    this.#sorted = sorted;
  }

  /** Between two values it interpolates, as Flink's (Hyndman and Fan's type 6). */
  getQuantile(quantile: number): number {
    const sorted = this.#sorted;
    if (sorted.length === 0) return Number.NaN;
    const position = quantile * (sorted.length + 1);
    if (position < 1) return sorted[0];
    if (position >= sorted.length) return sorted[sorted.length - 1];
    const below = Math.floor(position);
    return sorted[below - 1] + (position - below) * (sorted[below] - sorted[below - 1]);
  }

  getValues(): readonly number[] {
    return this.#sorted;
  }

  size(): number {
    return this.#sorted.length;
  }

  getMean(): number {
    return this.#sorted.reduce((sum, value) => sum + value, 0) / this.#sorted.length;
  }

  /** Of a sample: divided by one less than the number of values. */
  getStdDev(): number {
    const sorted = this.#sorted;
    if (sorted.length < 2) return sorted.length === 1 ? 0 : Number.NaN;
    const mean = this.getMean();
    return Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1));
  }

  getMax(): number {
    return this.#sorted.length === 0 ? Number.NaN : this.#sorted[this.#sorted.length - 1];
  }

  getMin(): number {
    return this.#sorted.length === 0 ? Number.NaN : this.#sorted[0];
  }
}
