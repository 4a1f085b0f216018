import { AbstractRichFunction } from "./rich-function.ts";
import type { Watermark } from "./watermark.ts";

/** What a sink function sees beside the record. The object is reused; do not keep it. (Flink: docs/dev/datastream/overview) */
export interface SinkFunctionContext {
  /** Epoch milliseconds. */
  currentProcessingTime(): number;
  /** MIN_TIMESTAMP before the first watermark. */
  currentWatermark(): number;
  /** Event timestamp of the record, null when it has none. */
  timestamp(): number | null;
}

/**
 * The older interface of sinks, for `stream.addSink`; new ones implement `Sink` (Flink: `legacy.SinkFunction`).
 * (Flink: docs/dev/datastream/overview)
 */
export interface SinkFunction<IN> {
  /** Called for each record. */
  invoke(value: IN, context: SinkFunctionContext): void;
  /** Told of each watermark after it has been passed on. */
  writeWatermark?(watermark: Watermark): void;
  /** The input has ended; a last checkpoint may follow. */
  finish?(): void;
}

/** A sink function, or just `(value, context) => …`. (Flink: docs/dev/datastream/overview) */
export type SinkFunctionLike<IN> = SinkFunction<IN> | ((value: IN, context: SinkFunctionContext) => void);

/** A sink function with `open`, `close` and a runtime context (Flink: `legacy.RichSinkFunction`). (Flink: docs/dev/datastream/overview) */
export abstract class RichSinkFunction<IN> extends AbstractRichFunction implements SinkFunction<IN> {
  abstract invoke(value: IN, context: SinkFunctionContext): void;
}
