import { transform } from "../stream-internals.ts";
import type { Collector } from "../../flow/functions.ts";
import type { OutputTag } from "../../flow/output.ts";
import { CepOperator, type EventOrder } from "../../operators/cep/cep-operator.ts";
import { compilePattern } from "../../operators/cep/nfa-compiler.ts";
import type { PatternStage } from "../../operators/cep/pattern-stage.ts";
import type { PatternProcessFunction } from "../../operators/cep/pattern-process-function.ts";
import { type DataStream, KeyedStream, type SingleOutputStreamOperator } from "../streams.ts";
import { requireFunction } from "../user-functions.ts";
import { refusal } from "./refusal.ts";
import {
  type PatternFlatSelectFunctionLike,
  type PatternFlatTimeoutFunctionLike,
  type PatternSelectFunctionLike,
  type PatternTimeoutFunctionLike,
  selectAdapter,
} from "./pattern-functions.ts";

export interface PatternStreamSettings<T> {
  readonly isProcessingTime: boolean;
  readonly comparator: EventOrder | null;
  readonly lateDataOutputTag: OutputTag<T> | null;
}

/**
 * A stream in which a pattern is looked for. Settings return a new one; end it with `process`, `select` or `flatSelect`.
 * (Flink: docs/libs/cep)
 */
export class PatternStream<T> {
  readonly #input: DataStream<T>;
  readonly #pattern: PatternStage;
  readonly #settings: PatternStreamSettings<T>;

  /** @internal */
  constructor(input: DataStream<T>, pattern: PatternStage, settings: PatternStreamSettings<T>) {
    this.#input = input;
    this.#pattern = pattern;
    this.#settings = settings;
  }

  /** Events are looked at when they come, and `within` is measured by the clock. */
  inProcessingTime(): PatternStream<T> {
    return this.#with({ isProcessingTime: true });
  }

  /** The default: events are looked at in the order of their timestamps, once the watermark has reached them. */
  inEventTime(): PatternStream<T> {
    return this.#with({ isProcessingTime: false });
  }

  /** Sends events that are not after the watermark into a side output. Default: they are dropped and counted in `numLateRecordsDropped`. */
  sideOutputLateData(lateDataOutputTag: OutputTag<T>): PatternStream<T> {
    return this.#with({ lateDataOutputTag: requireTag(lateDataOutputTag, "sideOutputLateData") });
  }

  /** Any number of results for each match, with timestamps, side outputs and, if it handles them, runs that took too long. */
  process<R>(patternProcessFunction: PatternProcessFunction<T, R>): SingleOutputStreamOperator<R> {
    requireFunction(patternProcessFunction, "process", "processMatch");
    return this.#build(patternProcessFunction);
  }

  /** One result for each match. */
  select<R>(patternSelectFunction: PatternSelectFunctionLike<T, R>): SingleOutputStreamOperator<R>;
  /** One result for each match, and one in the side output for each run that took too long. */
  select<L, R>(
    timedOutPartialMatchesTag: OutputTag<L>,
    patternTimeoutFunction: PatternTimeoutFunctionLike<T, L>,
    patternSelectFunction: PatternSelectFunctionLike<T, R>,
  ): SingleOutputStreamOperator<R>;
  select<L, R>(
    tagOrSelect: OutputTag<L> | PatternSelectFunctionLike<T, R>,
    timeoutFunction?: PatternTimeoutFunctionLike<T, L>,
    selectFunction?: PatternSelectFunctionLike<T, R>,
  ): SingleOutputStreamOperator<R> {
    if (timeoutFunction === undefined) {
      const fn = tagOrSelect as PatternSelectFunctionLike<T, R>;
      const select = asSelect(fn);
      return this.#build(
        selectAdapter<T, R, never>({
          functions: [fn],
          onMatch: (match, out) => out.collect(select(match)),
          onTimeout: null,
          timeoutTag: null,
        }),
      );
    }
    const timeoutTag = requireTag(tagOrSelect as OutputTag<L>, "select");
    requireFunction(timeoutFunction, "select", "timeout");
    const timeout = typeof timeoutFunction === "function" ? timeoutFunction : timeoutFunction.timeout.bind(timeoutFunction);
    const select = asSelect(selectFunction as PatternSelectFunctionLike<T, R>);
    return this.#build(
      selectAdapter<T, R, L>({
        functions: [selectFunction, timeoutFunction],
        onMatch: (match, out) => out.collect(select(match)),
        onTimeout: (match, timestampMs, out) => out.collect(timeout(match, timestampMs)),
        timeoutTag,
      }),
    );
  }

  /** Any number of results for each match. */
  flatSelect<R>(patternFlatSelectFunction: PatternFlatSelectFunctionLike<T, R>): SingleOutputStreamOperator<R>;
  /** Any number of results for each match, and any number in the side output for each run that took too long. */
  flatSelect<L, R>(
    timedOutPartialMatchesTag: OutputTag<L>,
    patternFlatTimeoutFunction: PatternFlatTimeoutFunctionLike<T, L>,
    patternFlatSelectFunction: PatternFlatSelectFunctionLike<T, R>,
  ): SingleOutputStreamOperator<R>;
  flatSelect<L, R>(
    tagOrSelect: OutputTag<L> | PatternFlatSelectFunctionLike<T, R>,
    timeoutFunction?: PatternFlatTimeoutFunctionLike<T, L>,
    selectFunction?: PatternFlatSelectFunctionLike<T, R>,
  ): SingleOutputStreamOperator<R> {
    if (timeoutFunction === undefined) {
      const fn = tagOrSelect as PatternFlatSelectFunctionLike<T, R>;
      const onMatch = asFlatSelect(fn);
      return this.#build(selectAdapter<T, R, never>({ functions: [fn], onMatch, onTimeout: null, timeoutTag: null }));
    }
    const timeoutTag = requireTag(tagOrSelect as OutputTag<L>, "flatSelect");
    requireFunction(timeoutFunction, "flatSelect", "timeout");
    const onTimeout = typeof timeoutFunction === "function" ? timeoutFunction : timeoutFunction.timeout.bind(timeoutFunction);
    const onMatch = asFlatSelect(selectFunction as PatternFlatSelectFunctionLike<T, R>);
    return this.#build(selectAdapter<T, R, L>({ functions: [selectFunction, timeoutFunction], onMatch, onTimeout, timeoutTag }));
  }

  #with(changed: Partial<PatternStreamSettings<T>>): PatternStream<T> {
    return new PatternStream<T>(this.#input, this.#pattern, { ...this.#settings, ...changed });
  }

  /** Without a key the whole stream is one key, as in Flink. */
  #build<R>(fn: PatternProcessFunction<T, R>): SingleOutputStreamOperator<R> {
    const graph = compilePattern(this.#pattern);
    const options = { ...this.#settings, graph, skipStrategy: this.#pattern.skipStrategy };
    const createOperator = () => new CepOperator<T, R>(fn, options);
    return this.#input instanceof KeyedStream
      ? transform<R>(this.#input, "CepOperator", createOperator)
      : transform<R>(
          this.#input.keyBy(() => 0),
          "GlobalCepOperator",
          createOperator,
          { fixedParallelism: 1 },
        );
  }
}

function asSelect<IN, OUT>(fn: PatternSelectFunctionLike<IN, OUT>): (match: Map<string, IN[]>) => OUT {
  requireFunction(fn, "select", "select");
  return typeof fn === "function" ? fn : (match) => fn.select(match);
}

function asFlatSelect<IN, OUT>(fn: PatternFlatSelectFunctionLike<IN, OUT>): (match: Map<string, IN[]>, out: Collector<OUT>) => void {
  requireFunction(fn, "flatSelect", "flatSelect");
  return typeof fn === "function" ? fn : (match, out) => fn.flatSelect(match, out);
}

function requireTag<X>(tag: OutputTag<X>, operation: string): OutputTag<X> {
  if (typeof tag?.id === "string") return tag;
  throw refusal("CEP_TAG_MISSING", `${operation}(…) needs an OutputTag as its first argument.`, tag, 'new OutputTag<Click>("late")');
}
