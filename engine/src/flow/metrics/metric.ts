/** The four kinds of metrics. (Flink: docs/ops/metrics#metric-types) */

/** Counts up and down. Flink: `Counter`. (Flink: docs/ops/metrics) */
export interface Counter {
  /** Adds `by`, 1 unless given. */
  inc(by?: number): void;
  /** Takes `by` away, 1 unless given. */
  dec(by?: number): void;
  /** The count so far. */
  getCount(): number;
}

/** Gives any value when it is asked; nothing calls it while records flow. Flink: `Gauge`. (Flink: docs/ops/metrics) */
export interface Gauge<T> {
  /** The value as of now. */
  getValue(): T;
}

/** How often something happens. Flink: `Meter`. (Flink: docs/ops/metrics) */
export interface Meter {
  /** Something happened `n` times, once unless given. */
  markEvent(n?: number): void;
  /** Events per second. */
  getRate(): number;
  /** How many events were marked. */
  getCount(): number;
}

/** How values are distributed. Flink: `Histogram`. (Flink: docs/ops/metrics) */
export interface Histogram {
  /** Adds a value. */
  update(value: number): void;
  /** Values seen so far, also those that have left the statistics. */
  getCount(): number;
  /** What the values kept say, as of now. */
  getStatistics(): HistogramStatistics;
}

/** The distribution at one moment. Flink: `HistogramStatistics`. (Flink: docs/ops/metrics) */
export interface HistogramStatistics {
  /** @param quantile 0 to 1. NaN when there are no values. */
  getQuantile(quantile: number): number;
  /** The values kept, in no order. */
  getValues(): readonly number[];
  /** How many values are kept. */
  size(): number;
  /** Their mean, 0 when there are none. */
  getMean(): number;
  /** Their standard deviation. */
  getStdDev(): number;
  /** The largest. */
  getMax(): number;
  /** The smallest. */
  getMin(): number;
}

export type Metric = Counter | Gauge<unknown> | Meter | Histogram;

/** A plain counter. Flink: `SimpleCounter`. (Flink: docs/ops/metrics) */
export class SimpleCounter implements Counter {
  #value = 0;

  /** The count. */
  get count(): number {
    return this.#value;
  }

  inc(by = 1): void {
    this.#value += by;
  }

  dec(by = 1): void {
    this.#value -= by;
  }

  getCount(): number {
    return this.#value;
  }
}
