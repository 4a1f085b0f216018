/** Functions of `select` and `flatSelect`, and their adapters: all of them run as a PatternProcessFunction. */
import type { Collector } from "../../flow/functions.ts";
import { AbstractRichFunction, isRichFunction, type OpenContext } from "../../flow/rich-function.ts";
import type { OutputTag } from "../../flow/output.ts";
import {
  type PatternProcessContext,
  PatternProcessFunction,
  type TimedOutPartialMatchHandler,
} from "../../operators/cep/pattern-process-function.ts";

/** One result for each match. (Flink: docs/libs/cep) */
export interface PatternSelectFunction<IN, OUT> {
  /** @param pattern events by pattern name, oldest first; patterns that took no event are absent. */
  select(pattern: Map<string, IN[]>): OUT;
}
/** A select function, or just `(match) => …`. (Flink: docs/libs/cep) */
export type PatternSelectFunctionLike<IN, OUT> = PatternSelectFunction<IN, OUT> | ((pattern: Map<string, IN[]>) => OUT);

/** Any number of results for each match. (Flink: docs/libs/cep) */
export interface PatternFlatSelectFunction<IN, OUT> {
  /** @param pattern events by pattern name, oldest first; patterns that took no event are absent. */
  flatSelect(pattern: Map<string, IN[]>, out: Collector<OUT>): void;
}
/** A flatSelect function, or just `(match, out) => …`. (Flink: docs/libs/cep) */
export type PatternFlatSelectFunctionLike<IN, OUT> =
  | PatternFlatSelectFunction<IN, OUT>
  | ((pattern: Map<string, IN[]>, out: Collector<OUT>) => void);

/** One result, for a side output, for each run whose time was over at `timeoutTimestamp`. (Flink: docs/libs/cep) */
export interface PatternTimeoutFunction<IN, OUT> {
  /** @param pattern the events that the run had taken. @param timeoutTimestamp when its time was over, in epoch milliseconds. */
  timeout(pattern: Map<string, IN[]>, timeoutTimestamp: number): OUT;
}
/** A timeout function, or just `(match, timestamp) => …`. (Flink: docs/libs/cep) */
export type PatternTimeoutFunctionLike<IN, OUT> =
  | PatternTimeoutFunction<IN, OUT>
  | ((pattern: Map<string, IN[]>, timeoutTimestamp: number) => OUT);

/** Any number of results, for a side output, for each run whose time was over at `timeoutTimestamp`. (Flink: docs/libs/cep) */
export interface PatternFlatTimeoutFunction<IN, OUT> {
  /** @param pattern the events that the run had taken. @param timeoutTimestamp when its time was over, in epoch milliseconds. */
  timeout(pattern: Map<string, IN[]>, timeoutTimestamp: number, out: Collector<OUT>): void;
}
/** A flat timeout function, or just `(match, timestamp, out) => …`. (Flink: docs/libs/cep) */
export type PatternFlatTimeoutFunctionLike<IN, OUT> =
  | PatternFlatTimeoutFunction<IN, OUT>
  | ((pattern: Map<string, IN[]>, timeoutTimestamp: number, out: Collector<OUT>) => void);

/** With `open`, `close` and a runtime context (without state). (Flink: docs/libs/cep) */
export abstract class RichPatternSelectFunction<IN, OUT> extends AbstractRichFunction implements PatternSelectFunction<IN, OUT> {
  /** See `PatternSelectFunction`. */
  abstract select(pattern: Map<string, IN[]>): OUT;
}

/** With `open`, `close` and a runtime context (without state). (Flink: docs/libs/cep) */
export abstract class RichPatternFlatSelectFunction<IN, OUT> extends AbstractRichFunction implements PatternFlatSelectFunction<IN, OUT> {
  /** See `PatternFlatSelectFunction`. */
  abstract flatSelect(pattern: Map<string, IN[]>, out: Collector<OUT>): void;
}

/** What `select` and `flatSelect` were given. */
export interface SelectFunctions<IN, OUT, L> {
  /** The user's functions, for their lives. */
  readonly functions: readonly unknown[];
  readonly onMatch: (match: Map<string, IN[]>, out: Collector<OUT>) => void;
  /** null when runs that took too long are not wanted. */
  readonly onTimeout: ((match: Map<string, IN[]>, timestampMs: number, out: Collector<L>) => void) | null;
  readonly timeoutTag: OutputTag<L> | null;
}

/** The process function of `select` and `flatSelect`. */
export function selectAdapter<IN, OUT, L>(functions: SelectFunctions<IN, OUT, L>): PatternProcessFunction<IN, OUT> {
  return functions.timeoutTag === null ? new SelectAdapter(functions) : new TimeoutSelectAdapter(functions, functions.timeoutTag);
}

class SelectAdapter<IN, OUT, L> extends PatternProcessFunction<IN, OUT> {
  protected readonly selected: SelectFunctions<IN, OUT, L>;

  constructor(selected: SelectFunctions<IN, OUT, L>) {
    super();
    this.selected = selected;
  }

  override open(openContext: OpenContext): void {
    for (const fn of this.selected.functions) {
      if (!isRichFunction(fn)) continue;
      fn.setRuntimeContext(this.getRuntimeContext());
      fn.open(openContext);
    }
  }

  override close(): void {
    for (const fn of this.selected.functions) if (isRichFunction(fn)) fn.close();
  }

  processMatch(match: Map<string, IN[]>, _ctx: PatternProcessContext, out: Collector<OUT>): void {
    const { onMatch } = this.selected;
    onMatch(match, out);
  }
}

class TimeoutSelectAdapter<IN, OUT, L> extends SelectAdapter<IN, OUT, L> implements TimedOutPartialMatchHandler<IN> {
  readonly #timeoutTag: OutputTag<L>;
  #context: PatternProcessContext | null = null;
  readonly #timeouts: Collector<L> = { collect: (value) => this.#context?.output(this.#timeoutTag, value) };

  constructor(selected: SelectFunctions<IN, OUT, L>, timeoutTag: OutputTag<L>) {
    super(selected);
    this.#timeoutTag = timeoutTag;
  }

  processTimedOutMatch(match: Map<string, IN[]>, ctx: PatternProcessContext): void {
    this.#context = ctx;
    const { onTimeout } = this.selected;
    onTimeout?.(match, ctx.timestamp(), this.#timeouts);
  }
}
