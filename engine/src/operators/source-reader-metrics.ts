/** What a source tells about itself. (Flink: `InternalSourceReaderMetricGroup`; docs/ops/metrics, "Connectors") */
import { MAX_TIMESTAMP } from "../base/long.ts";
import type { Counter, Gauge, Histogram, Meter } from "../flow/metrics/metric.ts";
import type { MetricGroup } from "../flow/metrics/metric-group.ts";
import type { SourceReaderMetricGroup } from "../flow/source.ts";

/** The reader's metric group; its own metrics lie beside those of the source operator. */
export class ReaderMetricGroup implements SourceReaderMetricGroup {
  private readonly group: MetricGroup;
  private readonly errors: Counter;

  constructor(group: MetricGroup) {
    this.group = group;
    this.errors = group.counter("numRecordsInErrors");
  }

  getNumRecordsInErrorsCounter(): Counter {
    return this.errors;
  }

  setPendingRecordsGauge(gauge: Gauge<number> | (() => number)): void {
    this.group.gauge("pendingRecords", asGauge(gauge));
  }

  setPendingBytesGauge(gauge: Gauge<number> | (() => number)): void {
    this.group.gauge("pendingBytes", asGauge(gauge));
  }

  counter(name: string): Counter;
  counter<C extends Counter>(name: string, counter: C): C;
  counter(name: string, counter?: Counter): Counter {
    return counter === undefined ? this.group.counter(name) : this.group.counter(name, counter);
  }

  gauge<T>(name: string, gauge: () => T): Gauge<T>;
  gauge<T, G extends Gauge<T>>(name: string, gauge: G): G;
  gauge<T>(name: string, gauge: Gauge<T> | (() => T)): Gauge<T> {
    return this.group.gauge(name, asGauge(gauge));
  }

  meter<M extends Meter>(name: string, meter: M): M {
    return this.group.meter(name, meter);
  }

  histogram<H extends Histogram>(name: string, histogram: H): H {
    return this.group.histogram(name, histogram);
  }

  addGroup(name: string, value?: string): MetricGroup {
    return value === undefined ? this.group.addGroup(name) : this.group.addGroup(name, value);
  }

  getMetricIdentifier(metricName: string): string {
    return this.group.getMetricIdentifier(metricName);
  }
}

function asGauge<T>(gauge: Gauge<T> | (() => T)): Gauge<T> {
  return typeof gauge === "function" ? { getValue: gauge } : gauge;
}

/** Idle time and lags; plain fields that are looked at when somebody asks. */
export class SourceLags {
  /** Event time of the record emitted last; null before the first one. */
  lastEventMs: number | null = null;
  /** When polling first found nothing after the last record; null while records come. */
  private idleSinceMs: number | null = null;
  private lastWatermarkMs: number | null = null;

  idlingStarted(nowMs: number): void {
    this.idleSinceMs ??= nowMs;
  }

  recordEmitted(eventMs: number | null): void {
    this.idleSinceMs = null;
    this.lastEventMs = eventMs;
  }

  watermarkEmitted(watermarkMs: number): void {
    if (watermarkMs !== MAX_TIMESTAMP) this.lastWatermarkMs = watermarkMs;
  }

  /** @param maxDesiredMs what alignment allows; undefined = none announced. */
  values(nowMs: number, maxDesiredMs: number | undefined): Record<string, number> {
    const lastEmitMs = this.idleSinceMs ?? nowMs;
    const { lastWatermarkMs, lastEventMs } = this;
    return {
      sourceIdleTime: this.idleSinceMs === null ? 0 : nowMs - this.idleSinceMs,
      currentEmitEventTimeLag: lastEventMs === null ? -1 : lastEmitMs - lastEventMs,
      ...(lastWatermarkMs === null ? {} : { watermarkLag: lastEmitMs - lastWatermarkMs }),
      ...(lastWatermarkMs === null || maxDesiredMs === undefined ? {} : { watermarkAlignmentDrift: lastWatermarkMs - maxDesiredMs }),
    };
  }
}
