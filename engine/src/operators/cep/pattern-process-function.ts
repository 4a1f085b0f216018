import type { Collector } from "../../flow/element-functions.ts";
import type { OutputTag } from "../../flow/output.ts";
import { AbstractRichFunction } from "../../flow/rich-function.ts";

/** What a pattern process function can ask and do besides collecting. The object is reused; do not keep it. (Flink: docs/libs/cep) */
export interface PatternProcessContext {
  /**
   * In event time the timestamp of the last event of the match, or, for a match that time itself completed and for a partial one, the time
   * at which that was. In processing time the time of processing. Epoch milliseconds.
   */
  timestamp(): number;
  /** Current processing time in epoch milliseconds. */
  currentProcessingTime(): number;
  /** Emits into a side output, with `timestamp()` in event time and without a timestamp in processing time. */
  output<X>(outputTag: OutputTag<X>, value: X): void;
}

/**
 * Is given every match (Flink: `PatternProcessFunction`). With a method `processTimedOutMatch` it also gets the runs that took too long,
 * see `TimedOutPartialMatchHandler`. State cannot be had from its runtime context.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/libs/cep/#selecting-from-patterns)
 */
export abstract class PatternProcessFunction<IN, OUT> extends AbstractRichFunction {
  /** @param match events by pattern name, oldest first; patterns that took no event are absent. */
  abstract processMatch(match: Map<string, IN[]>, ctx: PatternProcessContext, out: Collector<OUT>): void;
}

/**
 * For pattern process functions that also want the runs whose `within` was over before they were complete. What comes of them goes into
 * side outputs, as there is no collector.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/libs/cep/#handling-timed-out-partial-patterns)
 */
export interface TimedOutPartialMatchHandler<IN> {
  /** @param match the events that the run had taken. `ctx.timestamp()` is the time at which it was over. */
  processTimedOutMatch(match: Map<string, IN[]>, ctx: PatternProcessContext): void;
}

export function isTimedOutPartialMatchHandler(fn: unknown): fn is TimedOutPartialMatchHandler<unknown> {
  return typeof (fn as Partial<TimedOutPartialMatchHandler<unknown>>).processTimedOutMatch === "function";
}
