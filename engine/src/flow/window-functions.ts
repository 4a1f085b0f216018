import type { Collector } from "./element-functions.ts";
import type { OutputTag } from "./output.ts";
import { AbstractRichFunction } from "./rich-function.ts";
import type { KeyedStateStore } from "./runtime-context.ts";

/** What a process window function sees beside the elements. The object is reused; do not keep it. */
export interface ProcessWindowContext<W> {
  window(): W;
  currentProcessingTime(): number;
  currentWatermark(): number;
  /** State of this key in this window; must be cleared in `clear()`. Not available for merging windows. */
  windowState(): KeyedStateStore;
  /** State of this key across windows. */
  globalState(): KeyedStateStore;
  output<X>(outputTag: OutputTag<X>, value: X): void;
}

/** Gets all elements of a keyed window at once, or the one result of a preceding reduce or aggregate. */
export abstract class ProcessWindowFunction<IN, OUT, KEY, W> extends AbstractRichFunction {
  abstract process(key: KEY, context: ProcessWindowContext<W>, elements: Iterable<IN>, out: Collector<OUT>): void;

  /** Called when the window's state is dropped: clear what was put into `windowState()`. */
  clear(_context: ProcessWindowContext<W>): void {}
}

/** As ProcessWindowFunction, for `windowAll` (no key, parallelism 1). */
export abstract class ProcessAllWindowFunction<IN, OUT, W> extends AbstractRichFunction {
  abstract process(context: ProcessWindowContext<W>, elements: Iterable<IN>, out: Collector<OUT>): void;

  clear(_context: ProcessWindowContext<W>): void {}
}

/** The older interface of `window(…).apply(…)`. */
export interface WindowFunction<IN, OUT, KEY, W> {
  apply(key: KEY, window: W, input: Iterable<IN>, out: Collector<OUT>): void;
}
export type WindowFunctionLike<IN, OUT, KEY, W> =
  | WindowFunction<IN, OUT, KEY, W>
  | ((key: KEY, window: W, input: Iterable<IN>, out: Collector<OUT>) => void);

export interface AllWindowFunction<IN, OUT, W> {
  apply(window: W, values: Iterable<IN>, out: Collector<OUT>): void;
}
export type AllWindowFunctionLike<IN, OUT, W> =
  | AllWindowFunction<IN, OUT, W>
  | ((window: W, values: Iterable<IN>, out: Collector<OUT>) => void);
