/** What a metric says when it is read: plain JSON. */
import { InvariantViolation } from "../../base/invariant.ts";
import type { Counter, Gauge, Histogram, Meter, Metric } from "./metric.ts";

/** A distribution as reporters show it; every field null while there are no values. */
export interface HistogramValue {
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly stddev: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** A meter as reporters show it. */
export interface MeterValue {
  readonly count: number;
  /** Events per second. */
  readonly rate: number;
}

export type MetricValue = number | string | boolean | null | HistogramValue | MeterValue;

/** Asks a metric. A gauge of the user's that throws says so in its value, as Flink's reporters do: it must not touch the job. */
export function metricValueOf(metric: Metric): MetricValue {
  try {
    if ("getValue" in metric) return plainValue((metric as Gauge<unknown>).getValue());
    if ("getStatistics" in metric) return histogramValue(metric as Histogram);
    if ("getRate" in metric) return meterValue(metric as Meter);
    return (metric as Counter).getCount();
  } catch (error) {
    if (error instanceof InvariantViolation) throw error;
    return `failed: ${String(error)}`;
  }
}

function meterValue(meter: Meter): MeterValue {
  return { count: meter.getCount(), rate: meter.getRate() };
}

function histogramValue(histogram: Histogram): HistogramValue {
  const statistics = histogram.getStatistics();
  const quantile = (share: number) => known(statistics.getQuantile(share));
  return {
    count: histogram.getCount(),
    min: known(statistics.getMin()),
    max: known(statistics.getMax()),
    mean: known(statistics.getMean()),
    stddev: known(statistics.getStdDev()),
    p50: quantile(0.5),
    p75: quantile(0.75),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function plainValue(value: unknown): MetricValue {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "string":
    case "boolean":
      return value;
    case "undefined":
      return null;
    default:
      return value === null ? null : String(value);
  }
}
