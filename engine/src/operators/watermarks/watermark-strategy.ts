import { Diagnostic } from "../../base/diagnostic.ts";
import type { Duration } from "../../base/duration.ts";
import {
  AscendingTimestampsWatermarks,
  BoundedOutOfOrdernessWatermarks,
  NoWatermarksGenerator,
} from "./bounded-out-of-orderness-watermarks.ts";
import { type MetricGroup, OperatorMetricGroup } from "../../flow/metrics/metric-group.ts";
import type { RelativeClock } from "../../flow/pausable-clock.ts";
import type { TimestampAssigner, TimestampAssignerLike, WatermarkGenerator } from "./watermark-generator.ts";
import { WatermarksWithIdleness } from "./watermarks-with-idleness.ts";

/**
 * What a generator may need from its subtask. Flink: `WatermarkGeneratorSupplier.Context`.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface WatermarkGeneratorContext {
  /** The clock that idleness is measured with: it stands still while the input is not read. */
  getInputActivityClock(): RelativeClock;
  /** Where to register metrics of the generator. */
  getMetricGroup(): MetricGroup;
  /** That clock's time. Not in Flink. */
  currentMs(): number;
}

type GeneratorSupplier<T> = (context: WatermarkGeneratorContext) => WatermarkGenerator<T>;

interface StrategyOptions<T> {
  readonly supplier: GeneratorSupplier<T>;
  /** Of those of the two usual kinds: how far watermarks stay behind. null = none are made; undefined = a generator of one's own does. */
  readonly boundMs: number | null | undefined;
  /** Called once per subtask, and per split inside a source. */
  readonly assigner: ((context: { getMetricGroup(): MetricGroup }) => TimestampAssigner<T>) | undefined;
  readonly idleTimeoutMs: number | undefined;
  readonly alignment: WatermarkAlignment | undefined;
}

/**
 * Makes assigners, for those that keep something in fields. Flink: `TimestampAssignerSupplier`.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface TimestampAssignerSupplier<T> {
  /** Called once per subtask, and per split inside a source. */
  createTimestampAssigner(context: { getMetricGroup(): MetricGroup }): TimestampAssigner<T>;
}

/**
 * A strategy of one's own, as in Flink, where `WatermarkStrategy` is an interface.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface CustomWatermarkStrategy<T> {
  /** Called once per subtask, and per split inside a source. */
  createWatermarkGenerator(context: WatermarkGeneratorContext): WatermarkGenerator<T>;
  /** As `createWatermarkGenerator`; without it records keep the timestamp of the source. */
  createTimestampAssigner?(context: { getMetricGroup(): MetricGroup }): TimestampAssigner<T>;
}

/**
 * Sources of one group pause when they are further ahead than the drift allows.
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export interface WatermarkAlignment {
  /** Sources with the same group wait for each other. */
  readonly group: string;
  /** How far ahead of the slowest a source may be, in ms. */
  readonly maxDriftMs: number;
  /** How often they compare, in ms of processing time. */
  readonly updateIntervalMs: number;
}

/**
 * How timestamps and watermarks come about. Immutable: every `with…` gives a new strategy.
 *
 * `WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5)).withTimestampAssigner((click) => click.timeMs)`
 * (Flink: docs/dev/datastream/event-time/generating_watermarks)
 */
export class WatermarkStrategy<T> {
  readonly #options: StrategyOptions<T>;

  private constructor(options: StrategyOptions<T>) {
    this.#options = options;
  }

  /** Records may be up to this much older than the newest one; what is older still is late. */
  static forBoundedOutOfOrderness<T>(maxOutOfOrderness: Duration): WatermarkStrategy<T> {
    const boundMs = maxOutOfOrderness.toMillis();
    return WatermarkStrategy.#of((_context) => new BoundedOutOfOrdernessWatermarks<T>(boundMs), boundMs);
  }

  /** Timestamps never fall within a source split. */
  static forMonotonousTimestamps<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.#of((_context) => new AscendingTimestampsWatermarks<T>(), 0);
  }

  /** No watermarks at all: for jobs that need no event time. */
  static noWatermarks<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.#of((_context) => new NoWatermarksGenerator<T>(), null);
  }

  /** A generator of one's own; the supplier is called once per subtask (and per split inside a source). */
  static forGenerator<T>(
    supplier: GeneratorSupplier<T> | { createWatermarkGenerator(context: WatermarkGeneratorContext): WatermarkGenerator<T> },
  ): WatermarkStrategy<T> {
    return WatermarkStrategy.#of(typeof supplier === "function" ? supplier : (context) => supplier.createWatermarkGenerator(context));
  }

  /** A strategy as it is, or made of one's own. @internal */
  static from<T>(strategy: WatermarkStrategy<T> | CustomWatermarkStrategy<T>): WatermarkStrategy<T> {
    if (strategy instanceof WatermarkStrategy) return strategy;
    const own = WatermarkStrategy.forGenerator<T>(strategy);
    return strategy.createTimestampAssigner === undefined ? own : own.withTimestampAssigner(strategy as TimestampAssignerSupplier<T>);
  }

  static #of<T>(supplier: GeneratorSupplier<T>, boundMs?: number | null): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>({ supplier, boundMs, assigner: undefined, idleTimeoutMs: undefined, alignment: undefined });
  }

  /** Without an assigner records keep the timestamp of the source (a log record's own). */
  withTimestampAssigner(assigner: TimestampAssignerLike<T> | TimestampAssignerSupplier<T>): WatermarkStrategy<T> {
    if (typeof assigner === "object" && assigner !== null && "createTimestampAssigner" in assigner) {
      return new WatermarkStrategy({ ...this.#options, assigner: (context) => assigner.createTimestampAssigner(context) });
    }
    if (typeof assigner !== "function" && typeof assigner?.extractTimestamp !== "function") {
      throw badStrategy("timestampAssigner must be a function or have a method extractTimestamp.", String(assigner));
    }
    const object = typeof assigner === "function" ? { extractTimestamp: assigner } : assigner;
    return new WatermarkStrategy({ ...this.#options, assigner: () => object });
  }

  /** A split (or stream) without records for this long no longer holds the watermark back. */
  withIdleness(idleTimeout: Duration): WatermarkStrategy<T> {
    if (typeof idleTimeout?.toMillis !== "function") throw badStrategy("idleTimeout must be a Duration.", String(idleTimeout));
    const idleTimeoutMs = idleTimeout.toMillis();
    if (!(idleTimeoutMs > 0)) throw badStrategy("idleTimeout must be greater than zero.", `${idleTimeoutMs} ms`);
    return new WatermarkStrategy({ ...this.#options, idleTimeoutMs });
  }

  /**
   * Holds sources of one group together: one that is more than `maxDrift` ahead of the slowest pauses, and so do single splits. The
   * allowed maximum is told every `updateInterval` (default 1 s) and compared with the watermark of three intervals ago
   * (`pipeline.watermark-alignment.buffer-size`). Only for `fromSource`. (Flink: event-time/generating_watermarks#watermark-alignment)
   */
  withWatermarkAlignment(group: string, maxDrift: Duration, updateInterval?: Duration): WatermarkStrategy<T> {
    if (!(maxDrift.toMillis() >= 0))
      throw badStrategy("maxAllowedWatermarkDrift must be greater than or equal to zero.", `${maxDrift.toMillis()} ms`);
    if (updateInterval !== undefined && !(updateInterval.toMillis() > 0)) {
      throw badStrategy("updateInterval must be greater than zero.", `${updateInterval.toMillis()} ms`);
    }
    const alignment = { group, maxDriftMs: maxDrift.toMillis(), updateIntervalMs: updateInterval?.toMillis() ?? 1000 };
    return new WatermarkStrategy({ ...this.#options, alignment });
  }

  /** The same timestamps and no watermarks: BATCH mode. @internal */
  timestampsOnly(): WatermarkStrategy<T> {
    const { assigner } = this.#options;
    return new WatermarkStrategy<T>({
      supplier: () => new NoWatermarksGenerator<T>(),
      boundMs: null,
      assigner,
      idleTimeoutMs: undefined,
      alignment: undefined,
    });
  }

  /** undefined without alignment. */
  getAlignmentParameters(): WatermarkAlignment | undefined {
    return this.#options.alignment;
  }

  /** How far watermarks stay behind the highest timestamp; null = none are made, undefined = a generator decides. @internal */
  get boundMs(): number | null | undefined {
    return this.#options.boundMs;
  }

  /** undefined = nothing becomes idle. @internal */
  get idleTimeoutMs(): number | undefined {
    return this.#options.idleTimeoutMs;
  }

  /** A new generator. @internal */
  createWatermarkGenerator(
    clock: { currentMs(): number },
    metrics: MetricGroup = new OperatorMetricGroup(null).handle,
  ): WatermarkGenerator<T> {
    const activity: RelativeClock = { relativeTimeMillis: () => clock.currentMs() };
    const { supplier } = this.#options;
    const generator = supplier({
      getInputActivityClock: () => activity,
      getMetricGroup: () => metrics,
      currentMs: () => clock.currentMs(),
    });
    const { idleTimeoutMs } = this.#options;
    return idleTimeoutMs === undefined ? generator : new WatermarksWithIdleness(generator, idleTimeoutMs, () => clock.currentMs());
  }

  /** False when records keep the timestamps that they have, which may be none. */
  hasTimestampAssigner(): boolean {
    return this.#options.assigner !== undefined;
  }

  /** Called by the runtime: the assigner of this strategy, undefined when records keep the timestamps of their source. */
  createTimestampAssigner(metrics: MetricGroup = new OperatorMetricGroup(null).handle): TimestampAssigner<T> {
    const { assigner } = this.#options;
    return assigner?.({ getMetricGroup: () => metrics }) ?? RECORD_TIMESTAMP_ASSIGNER;
  }
}

function badStrategy(message: string, found: string): Diagnostic {
  return new Diagnostic({
    code: "WATERMARK_STRATEGY_PARAMETERS",
    phase: "graph",
    message,
    found,
    expected: "a Duration such as Duration.ofSeconds(5), a function such as (click) => click.timeMs",
  });
}

/** Keeps the timestamp that the record has. */
export const RECORD_TIMESTAMP_ASSIGNER: TimestampAssigner<unknown> = {
  extractTimestamp: (_element, recordTimestamp) => recordTimestamp,
};
