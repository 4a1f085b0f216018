import type { Duration } from "../../base/duration.ts";
import {
  AscendingTimestampsWatermarks,
  BoundedOutOfOrdernessWatermarks,
  NoWatermarksGenerator,
} from "./bounded-out-of-orderness-watermarks.ts";
import type { TimestampAssigner, TimestampAssignerLike, WatermarkGenerator } from "./watermark-generator.ts";
import { WatermarksWithIdleness } from "./watermarks-with-idleness.ts";

/** What a generator may need from its subtask: the clock that idleness is measured with. */
export interface WatermarkGeneratorContext {
  currentMs(): number;
}

type GeneratorSupplier<T> = (context: WatermarkGeneratorContext) => WatermarkGenerator<T>;

interface StrategyOptions<T> {
  readonly supplier: GeneratorSupplier<T>;
  readonly assigner: TimestampAssigner<T> | undefined;
  readonly idleTimeoutMs: number | undefined;
  readonly alignment: WatermarkAlignment | undefined;
}

/** Sources of one group pause when they are further ahead than the drift allows. */
export interface WatermarkAlignment {
  readonly group: string;
  readonly maxDriftMs: number;
  readonly updateIntervalMs: number;
}

/**
 * How timestamps and watermarks come about. Immutable: every `with…` gives a new strategy.
 *
 * `WatermarkStrategy.forBoundedOutOfOrderness<Click>(Duration.ofSeconds(5)).withTimestampAssigner((click) => click.timeMs)`
 */
export class WatermarkStrategy<T> {
  private readonly options: StrategyOptions<T>;

  private constructor(options: StrategyOptions<T>) {
    this.options = options;
  }

  /** Records may be up to this much older than the newest one; what is older still is late. */
  static forBoundedOutOfOrderness<T>(maxOutOfOrderness: Duration): WatermarkStrategy<T> {
    const boundMs = maxOutOfOrderness.toMillis();
    return WatermarkStrategy.of((_context) => new BoundedOutOfOrdernessWatermarks<T>(boundMs));
  }

  /** Timestamps never fall within a source split. */
  static forMonotonousTimestamps<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.of((_context) => new AscendingTimestampsWatermarks<T>());
  }

  static noWatermarks<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.of((_context) => new NoWatermarksGenerator<T>());
  }

  /** A generator of one's own; the supplier is called once per subtask (and per split inside a source). */
  static forGenerator<T>(
    supplier: GeneratorSupplier<T> | { createWatermarkGenerator(context: WatermarkGeneratorContext): WatermarkGenerator<T> },
  ): WatermarkStrategy<T> {
    return WatermarkStrategy.of(typeof supplier === "function" ? supplier : (context) => supplier.createWatermarkGenerator(context));
  }

  private static of<T>(supplier: GeneratorSupplier<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>({ supplier, assigner: undefined, idleTimeoutMs: undefined, alignment: undefined });
  }

  /** Without an assigner records keep the timestamp of the source (a log record's own). */
  withTimestampAssigner(assigner: TimestampAssignerLike<T>): WatermarkStrategy<T> {
    const object = typeof assigner === "function" ? { extractTimestamp: assigner } : assigner;
    return new WatermarkStrategy({ ...this.options, assigner: object });
  }

  /** A split (or stream) without records for this long no longer holds the watermark back. */
  withIdleness(idleTimeout: Duration): WatermarkStrategy<T> {
    const idleTimeoutMs = idleTimeout.toMillis();
    if (!(idleTimeoutMs > 0)) throw new TypeError("idleTimeout must be greater than zero");
    return new WatermarkStrategy({ ...this.options, idleTimeoutMs });
  }

  withWatermarkAlignment(group: string, maxDrift: Duration, updateInterval?: Duration): WatermarkStrategy<T> {
    const alignment = { group, maxDriftMs: maxDrift.toMillis(), updateIntervalMs: updateInterval?.toMillis() ?? 1000 };
    return new WatermarkStrategy({ ...this.options, alignment });
  }

  /** undefined without alignment. */
  getAlignment(): WatermarkAlignment | undefined {
    return this.options.alignment;
  }

  createWatermarkGenerator(context: WatermarkGeneratorContext): WatermarkGenerator<T> {
    const generator = this.options.supplier(context);
    const { idleTimeoutMs } = this.options;
    return idleTimeoutMs === undefined ? generator : new WatermarksWithIdleness(generator, idleTimeoutMs, () => context.currentMs());
  }

  createTimestampAssigner(): TimestampAssigner<T> {
    return this.options.assigner ?? RECORD_TIMESTAMP_ASSIGNER;
  }
}

/** Keeps the timestamp that the record has. */
export const RECORD_TIMESTAMP_ASSIGNER: TimestampAssigner<unknown> = {
  extractTimestamp: (_element, recordTimestamp) => recordTimestamp,
};
