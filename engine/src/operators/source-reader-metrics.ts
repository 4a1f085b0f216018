/** What a source tells about itself. (Flink: `InternalSourceReaderMetricGroup`; docs/ops/metrics, "Connectors") */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import type { Counter, Gauge } from "../flow/metrics/metric.ts";
import type { MetricGroup } from "../flow/metrics/metric-group.ts";
import { ProxyMetricGroup } from "../flow/metrics/proxy-metric-group.ts";
import type { SourceReaderMetricGroup } from "../flow/source.ts";

/** The reader's metric group; its own metrics lie beside those of the source operator. */
export class ReaderMetricGroup extends ProxyMetricGroup implements SourceReaderMetricGroup {
  readonly #errors: Counter;
  readonly #recordsIn: Counter;

  constructor(group: MetricGroup) {
    super(group);
    this.#errors = group.counter("numRecordsInErrors");
    this.#recordsIn = group.counter("numRecordsIn");
  }

  getIOMetricGroup(): { getNumRecordsInCounter(): Counter } {
    return { getNumRecordsInCounter: () => this.#recordsIn };
  }

  getNumRecordsInErrorsCounter(): Counter {
    return this.#errors;
  }

  setPendingRecordsGauge(gauge: Gauge<number> | (() => number)): void {
    this.gauge("pendingRecords", toFunction(gauge));
  }

  setPendingBytesGauge(gauge: Gauge<number> | (() => number)): void {
    this.gauge("pendingBytes", toFunction(gauge));
  }
}

/**
 * Idle time and lags: plain fields that are looked at when somebody asks. Numbers only, NaN for "none", since a field that also held null
 * would cost an object with every record.
 */
export class SourceLags {
  /** Event time of the record emitted last; NaN before the first one, and for one without. */
  private lastEventMs = Number.NaN;
  /** When polling first found nothing after the last record; NaN while records come. */
  private idleSinceMs = Number.NaN;
  private lastWatermarkMs = Number.NaN;

  idlingStarted(nowMs: number): void {
    if (Number.isNaN(this.idleSinceMs)) this.idleSinceMs = nowMs;
  }

  /** @param eventMs MIN_TIMESTAMP = the record has no timestamp. */
  recordEmitted(eventMs: number): void {
    this.idleSinceMs = Number.NaN;
    this.lastEventMs = eventMs;
  }

  watermarkEmitted(watermarkMs: number): void {
    if (watermarkMs !== MAX_TIMESTAMP) this.lastWatermarkMs = watermarkMs;
  }

  /** @param maxDesiredMs what alignment allows; undefined = none announced. */
  values(nowMs: number, maxDesiredMs: number | undefined): Record<string, number> {
    const { idleSinceMs, lastWatermarkMs, lastEventMs } = this;
    const idle = !Number.isNaN(idleSinceMs);
    const lastEmitMs = idle ? idleSinceMs : nowMs;
    const hasWatermark = !Number.isNaN(lastWatermarkMs);
    return {
      sourceIdleTime: idle ? nowMs - idleSinceMs : 0,
      currentEmitEventTimeLag: lastEventMs > MIN_TIMESTAMP ? lastEmitMs - lastEventMs : -1,
      ...(hasWatermark ? { watermarkLag: lastEmitMs - lastWatermarkMs } : {}),
      ...(hasWatermark && maxDesiredMs !== undefined ? { watermarkAlignmentDrift: lastWatermarkMs - maxDesiredMs } : {}),
    };
  }
}

function toFunction(gauge: Gauge<number> | (() => number)): () => number {
  return typeof gauge === "function" ? gauge : () => gauge.getValue();
}
