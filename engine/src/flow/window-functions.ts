import type { Collector } from "./element-functions.ts";
import type { OutputTag } from "./output.ts";
import { AbstractRichFunction } from "./rich-function.ts";
import type { KeyedStateStore } from "./runtime-context.ts";

/**
 * What a process window function sees beside the elements. The object is reused; do not keep it.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export interface ProcessWindowContext<W> {
  /** The window that fires. */
  window(): W;
  /** Processing time in epoch ms; virtual here. */
  currentProcessingTime(): number;
  /** The current watermark in epoch ms, MIN_TIMESTAMP before the first. */
  currentWatermark(): number;
  /** State of this key in this window; must be cleared in `clear()`. Not available for merging windows. */
  windowState(): KeyedStateStore;
  /** State of this key across windows. */
  globalState(): KeyedStateStore;
  /** Emits into a side output, with the window's timestamp. */
  output<X>(outputTag: OutputTag<X>, value: X): void;
}

/**
 * Gets all elements of a keyed window at once, or the one result of a preceding reduce or aggregate.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export abstract class ProcessWindowFunction<IN, OUT, KEY, W> extends AbstractRichFunction {
  /** Called when the window fires. @param elements what is in it; one value behind an incremental function. */
  abstract process(key: KEY, context: ProcessWindowContext<W>, elements: Iterable<IN>, out: Collector<OUT>): void;

  /** Called when the window's state is dropped: clear what was put into `windowState()`. */
  clear(_context: ProcessWindowContext<W>): void {}
}

/** As ProcessWindowFunction, for `windowAll` (no key, parallelism 1). (Flink: docs/dev/datastream/operators/windows) */
export abstract class ProcessAllWindowFunction<IN, OUT, W> extends AbstractRichFunction {
  /** Called when the window fires. @param elements what is in it; one value behind an incremental function. */
  abstract process(context: ProcessWindowContext<W>, elements: Iterable<IN>, out: Collector<OUT>): void;

  /** Called when the window's state is dropped: clear what was put into `windowState()`. */
  clear(_context: ProcessWindowContext<W>): void {}
}

/** The older interface of `window(…).apply(…)`. (Flink: docs/dev/datastream/operators/windows) */
export interface WindowFunction<IN, OUT, KEY, W> {
  /** Called when the window fires. @param input what is in it. */
  apply(key: KEY, window: W, input: Iterable<IN>, out: Collector<OUT>): void;
}
/** A WindowFunction, or just `(key, window, input, out) => …`. (Flink: docs/dev/datastream/operators/windows) */
export type WindowFunctionLike<IN, OUT, KEY, W> =
  | WindowFunction<IN, OUT, KEY, W>
  | ((key: KEY, window: W, input: Iterable<IN>, out: Collector<OUT>) => void);

/** The older interface of `windowAll(…).apply(…)`. (Flink: docs/dev/datastream/operators/windows) */
export interface AllWindowFunction<IN, OUT, W> {
  /** Called when the window fires. @param values what is in it. */
  apply(window: W, values: Iterable<IN>, out: Collector<OUT>): void;
}
/** An AllWindowFunction, or just `(window, values, out) => …`. (Flink: docs/dev/datastream/operators/windows) */
export type AllWindowFunctionLike<IN, OUT, W> =
  | AllWindowFunction<IN, OUT, W>
  | ((window: W, values: Iterable<IN>, out: Collector<OUT>) => void);
