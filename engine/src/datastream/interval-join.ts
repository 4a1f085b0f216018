/**
 * `a.keyBy(…).intervalJoin(b.keyBy(…)).between(lower, upper).process(…)`: pairs of records of two keyed streams that share a key and whose
 * timestamps lie close enough. (Flink: `KeyedStream.IntervalJoin`)
 */
import { transformBoth } from "./stream-internals.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import type { ProcessJoinFunction } from "../flow/functions.ts";
import { OutputTag } from "../flow/output.ts";
import { type IntervalJoinOptions, IntervalJoinOperator, refuseReversedBounds } from "../operators/interval-join-operator.ts";
import type { KeyedStream, SingleOutputStreamOperator } from "./streams.ts";
import { type TimeLike, timeMs } from "../graph/configuration/time-like.ts";
import { requireFunction } from "./user-functions.ts";

/**
 * Two keyed streams on their way into an interval join; say `between` next.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/joining/#interval-join)
 */
export class IntervalJoin<T1, T2, K> {
  readonly #first: KeyedStream<T1, K>;
  readonly #second: KeyedStream<T2, K>;
  #eventTime = true;

  /** @internal */
  constructor(first: KeyedStream<T1, K>, second: KeyedStream<T2, K>) {
    this.#first = first;
    this.#second = second;
  }

  /** Joins by event time; the default. */
  inEventTime(): this {
    this.#eventTime = true;
    return this;
  }

  /** Not supported, as in Flink: `between` refuses it. */
  inProcessingTime(): this {
    this.#eventTime = false;
    return this;
  }

  /**
   * Pairs a left record with right records from `left + lowerBound` to `left + upperBound`, both inclusive unless said otherwise. Durations
   * or milliseconds; negative ones look back.
   *
   * @throws Diagnostic JOIN_PROCESSING_TIME after `inProcessingTime()`.
   */
  between(lowerBound: TimeLike, upperBound: TimeLike): IntervalJoined<T1, T2, K> {
    if (!this.#eventTime) {
      throw refusal("JOIN_PROCESSING_TIME", "Time-bounded stream joins are only supported in event time", {
        hint: "Leave inProcessingTime() out and give both streams timestamps and watermarks.",
      });
    }
    return new IntervalJoined<T1, T2, K>(this.#first, this.#second, {
      lowerBoundMs: boundMs(lowerBound, "lower"),
      upperBoundMs: boundMs(upperBound, "upper"),
      lowerBoundInclusive: true,
      upperBoundInclusive: true,
    });
  }
}

/** An interval join with its bounds; end it with `process`. (Flink: docs/dev/datastream/operators/joining) */
export class IntervalJoined<T1, T2, K> {
  readonly #first: KeyedStream<T1, K>;
  readonly #second: KeyedStream<T2, K>;
  #options: IntervalJoinOptions;

  /** @internal */
  constructor(first: KeyedStream<T1, K>, second: KeyedStream<T2, K>, options: IntervalJoinOptions) {
    this.#first = first;
    this.#second = second;
    this.#options = options;
  }

  /** Leaves out right records exactly at `left + lowerBound`. */
  lowerBoundExclusive(): this {
    this.#options = { ...this.#options, lowerBoundInclusive: false };
    return this;
  }

  /** Leaves out right records exactly at `left + upperBound`. */
  upperBoundExclusive(): this {
    this.#options = { ...this.#options, upperBoundInclusive: false };
    return this;
  }

  /** Sends left records below the watermark into a side output instead of dropping them; read it with `getSideOutput` on the result. */
  sideOutputLeftLateData(tag: OutputTag<T1>): this {
    this.#options = { ...this.#options, leftLateDataOutputTag: lateTag(tag) };
    return this;
  }

  /** Sends right records below the watermark into a side output instead of dropping them; read it with `getSideOutput` on the result. */
  sideOutputRightLateData(tag: OutputTag<T2>): this {
    this.#options = { ...this.#options, rightLateDataOutputTag: lateTag(tag) };
    return this;
  }

  /** Called for each pair, when the second of the two comes. Results carry the later of the two timestamps. */
  process<R>(processJoinFunction: ProcessJoinFunction<T1, T2, R>): SingleOutputStreamOperator<R> {
    requireFunction(processJoinFunction, "process", "processElement");
    const options = this.#options;
    refuseReversedBounds(options);
    const createOperator = () => new IntervalJoinOperator<T1, T2, R>(processJoinFunction, options);
    return transformBoth<R>(this.#first, this.#second, "Interval Join", createOperator);
  }
}

function boundMs(bound: TimeLike, which: "lower" | "upper"): number {
  if (bound === null || bound === undefined) {
    throw refusal("JOIN_BOUND_MISSING", `A${which === "upper" ? "n" : ""} ${which} bound needs to be provided for a time-bounded join`, {
      expected: "a.intervalJoin(b).between(Duration.ofMinutes(-5), Duration.ofMinutes(5))",
    });
  }
  return timeMs(bound, `The ${which} bound`, Number.NEGATIVE_INFINITY);
}

function lateTag<T>(tag: OutputTag<T>): OutputTag {
  if (tag instanceof OutputTag) return tag as OutputTag;
  throw refusal("JOIN_LATE_TAG_MISSING", "Side output tag must not be null.", { expected: 'new OutputTag<Order>("late orders")' });
}

function refusal(code: string, message: string, more: { readonly expected?: string; readonly hint?: string }): Diagnostic {
  return new Diagnostic({ code, message, phase: "graph", ...more });
}
