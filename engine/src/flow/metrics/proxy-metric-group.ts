import type { Counter, Gauge, Histogram, Meter } from "./metric.ts";
import type { MetricGroup } from "./metric-group.ts";

/** A group with more methods around one that keeps the metrics. Flink: `ProxyMetricGroup`. */
export abstract class ProxyMetricGroup implements MetricGroup {
  readonly #group: MetricGroup;

  constructor(group: MetricGroup) {
    this.#group = group;
  }

  counter(name: string): Counter;
  counter<C extends Counter>(name: string, counter: C): C;
  counter(name: string, counter?: Counter): Counter {
    return counter === undefined ? this.#group.counter(name) : this.#group.counter(name, counter);
  }

  gauge<T>(name: string, gauge: () => T): Gauge<T>;
  gauge<T, G extends Gauge<T>>(name: string, gauge: G): G;
  gauge<T>(name: string, gauge: Gauge<T> | (() => T)): Gauge<T> {
    return this.#group.gauge(name, typeof gauge === "function" ? { getValue: gauge } : gauge);
  }

  meter<M extends Meter>(name: string, meter: M): M {
    return this.#group.meter(name, meter);
  }

  histogram<H extends Histogram>(name: string, histogram: H): H {
    return this.#group.histogram(name, histogram);
  }

  addGroup(name: string, value?: string): MetricGroup {
    return value === undefined ? this.#group.addGroup(name) : this.#group.addGroup(name, value);
  }

  getMetricIdentifier(metricName: string): string {
    return this.#group.getMetricIdentifier(metricName);
  }
}
