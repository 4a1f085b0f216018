/** Named places for metrics. (Flink: docs/ops/metrics#registering-metrics) */
import { ProxyMetricGroup } from "./proxy-metric-group.ts";
import { MeterView } from "./meter-view.ts";
import { type Counter, type Gauge, type Histogram, type Meter, type Metric, SimpleCounter } from "./metric.ts";
import { type MetricValue, metricValueOf } from "./metric-value.ts";
import { RATE_STEP_MS, type SteppedView } from "./windowed-rate.ts";

/** Where a function registers its metrics: `getRuntimeContext().getMetricGroup()`. Flink: `MetricGroup`. (Flink: docs/ops/metrics) */
export interface MetricGroup {
  /** A counter of this name: a new one, or the one given. */
  counter(name: string): Counter;
  counter<C extends Counter>(name: string, counter: C): C;
  /** A gauge, or a function that gives its value. It is called only when metrics are read. */
  gauge<T>(name: string, gauge: () => T): Gauge<T>;
  gauge<T, G extends Gauge<T>>(name: string, gauge: G): G;
  /** Registers a meter: events per second. The same name again is the same meter. */
  meter<M extends Meter>(name: string, meter: M): M;
  /** Registers a histogram of values. */
  histogram<H extends Histogram>(name: string, histogram: H): H;
  /** A group inside: its metrics are called `name.metric`; with a value, `name.value.metric`. */
  addGroup(name: string): MetricGroup;
  addGroup(key: string, value: string): MetricGroup;
  /** The whole name of a metric in this group. */
  getMetricIdentifier(metricName: string): string;
}

/** Moves the rates of one task on; see windowed-rate.ts. */
export class RateSteps {
  private readonly views: SteppedView[] = [];
  private readonly nowUs: () => number;
  private lastUs: number;
  /** From this time on `advance` has something to do. */
  dueUs: number;

  constructor(nowUs: () => number) {
    this.nowUs = nowUs;
    this.lastUs = nowUs();
    this.dueUs = this.lastUs + RATE_STEP_MS * 1000;
  }

  add(view: SteppedView): void {
    this.views.push(view);
  }

  /** To be called when `dueUs` has come, before anything that is counted changes. */
  advance(): void {
    const stepUs = RATE_STEP_MS * 1000;
    const steps = Math.floor((this.nowUs() - this.lastUs) / stepUs);
    if (steps <= 0) return;
    this.lastUs += steps * stepUs;
    this.dueUs = this.lastUs + stepUs;
    for (const view of this.views) view.advance(steps);
  }

  /** Since the last step ended. */
  readonly sinceStepMs = (): number => (this.nowUs() - this.lastUs) / 1000;
}

/**
 * The metrics of one operator in one subtask. A name that is taken stays with the metric that took it first: a second one works, but
 * nobody sees it, as in Flink.
 */
export class OperatorMetricGroup implements MetricGroup {
  private readonly metrics: Map<string, Metric>;
  private readonly rates: RateSteps | null;
  private readonly prefix: string;
  private ownHandle: MetricGroup | null = null;

  /** @param rates null = meters never move on (outside a job). */
  constructor(rates: RateSteps | null, prefix = "", metrics: Map<string, Metric> = new Map()) {
    this.rates = rates;
    this.prefix = prefix;
    this.metrics = metrics;
  }

  counter(name: string): Counter;
  counter<C extends Counter>(name: string, counter: C): C;
  counter(name: string, counter: Counter = new SimpleCounter()): Counter {
    return this.register(name, counter);
  }

  gauge<T>(name: string, gauge: () => T): Gauge<T>;
  gauge<T, G extends Gauge<T>>(name: string, gauge: G): G;
  gauge<T>(name: string, gauge: Gauge<T> | (() => T)): Gauge<T> {
    return this.register(name, typeof gauge === "function" ? { getValue: gauge } : gauge);
  }

  meter<M extends Meter>(name: string, meter: M): M {
    if (meter instanceof MeterView && this.rates !== null) {
      this.rates.add(meter);
      meter.attach(this.rates.sinceStepMs);
    }
    return this.register(name, meter);
  }

  histogram<H extends Histogram>(name: string, histogram: H): H {
    return this.register(name, histogram);
  }

  addGroup(name: string, value?: string): MetricGroup {
    const prefix = value === undefined ? `${this.prefix}${name}.` : `${this.prefix}${name}.${value}.`;
    return new OperatorMetricGroup(this.rates, prefix, this.metrics).handle;
  }

  getMetricIdentifier(metricName: string): string {
    return `${this.prefix}${metricName}`;
  }

  /** @internal What programs are given: the same group, without what is the operator's. */
  get handle(): MetricGroup {
    this.ownHandle ??= new MetricGroupHandle(this);
    return this.ownHandle;
  }

  /** @internal For operators: the counter of this name, made at the first call. */
  operatorCounter(name: string): SimpleCounter {
    const known = this.metrics.get(this.getMetricIdentifier(name));
    return known instanceof SimpleCounter ? known : this.register(name, new SimpleCounter());
  }

  /** @internal All metrics of the operator, read now. */
  values(): Record<string, MetricValue> {
    const values: Record<string, MetricValue> = {};
    for (const [name, metric] of this.metrics) values[name] = metricValueOf(metric);
    return values;
  }

  /** @internal The counters only. */
  counts(): readonly (readonly [name: string, count: number])[] {
    return [...this.metrics].flatMap(([name, metric]) => (metric instanceof SimpleCounter ? [[name, metric.getCount()] as const] : []));
  }

  private register<M extends Metric>(name: string, metric: M): M {
    const identifier = this.getMetricIdentifier(name);
    if (!this.metrics.has(identifier)) this.metrics.set(identifier, metric);
    return metric;
  }
}

/** The same metrics, without what is the operator's own. */
class MetricGroupHandle extends ProxyMetricGroup {}
