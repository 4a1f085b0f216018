import type { Collector } from "./element-functions.ts";
import type { OutputTag } from "./output.ts";
import { AbstractRichFunction } from "./rich-function.ts";

/** One result for each pair of a window join (Flink: `JoinFunction`). (Flink: docs/dev/datastream/operators/joining) */
export interface JoinFunction<IN1, IN2, OUT> {
  /** The result for a pair. */
  join(first: IN1, second: IN2): OUT;
}

/** A join function, or just `(first, second) => …`. (Flink: docs/dev/datastream/operators/joining) */
export type JoinFunctionLike<IN1, IN2, OUT> = JoinFunction<IN1, IN2, OUT> | ((first: IN1, second: IN2) => OUT);

/** Any number of results for each pair of a window join (Flink: `FlatJoinFunction`). (Flink: docs/dev/datastream/operators/joining) */
export interface FlatJoinFunction<IN1, IN2, OUT> {
  /** Emits nothing, one or several values for a pair. */
  join(first: IN1, second: IN2, out: Collector<OUT>): void;
}

/** A flat join function, or just `(first, second, out) => …`. (Flink: docs/dev/datastream/operators/joining) */
export type FlatJoinFunctionLike<IN1, IN2, OUT> =
  | FlatJoinFunction<IN1, IN2, OUT>
  | ((first: IN1, second: IN2, out: Collector<OUT>) => void);

/**
 * Gets both sides of a window at once, also when one of them is empty: inner and outer joins can be written with it (Flink:
 * `CoGroupFunction`). (Flink: docs/dev/datastream/operators/joining)
 */
export interface CoGroupFunction<IN1, IN2, OUT> {
  /** Gets both sides' records of a key and window; either may be empty. */
  coGroup(first: Iterable<IN1>, second: Iterable<IN2>, out: Collector<OUT>): void;
}

/** A coGroup function, or just `(first, second, out) => …`. (Flink: docs/dev/datastream/operators/joining) */
export type CoGroupFunctionLike<IN1, IN2, OUT> =
  | CoGroupFunction<IN1, IN2, OUT>
  | ((first: Iterable<IN1>, second: Iterable<IN2>, out: Collector<OUT>) => void);

/** A join function with `open`, `close` and a runtime context. (Flink: docs/dev/datastream/operators/joining) */
export abstract class RichJoinFunction<IN1, IN2, OUT> extends AbstractRichFunction implements JoinFunction<IN1, IN2, OUT> {
  abstract join(first: IN1, second: IN2): OUT;
}

/** A flat join function with `open`, `close` and a runtime context. (Flink: docs/dev/datastream/operators/joining) */
export abstract class RichFlatJoinFunction<IN1, IN2, OUT> extends AbstractRichFunction implements FlatJoinFunction<IN1, IN2, OUT> {
  abstract join(first: IN1, second: IN2, out: Collector<OUT>): void;
}

/** A coGroup function with `open`, `close` and a runtime context. (Flink: docs/dev/datastream/operators/joining) */
export abstract class RichCoGroupFunction<IN1, IN2, OUT> extends AbstractRichFunction implements CoGroupFunction<IN1, IN2, OUT> {
  abstract coGroup(first: Iterable<IN1>, second: Iterable<IN2>, out: Collector<OUT>): void;
}

/**
 * What a `ProcessJoinFunction` sees beside the pair. The object is reused; do not keep it. All times are epoch milliseconds.
 * (Flink: docs/dev/datastream/operators/joining)
 */
export interface ProcessJoinContext {
  /** Event timestamp of the left record in epoch ms. */
  getLeftTimestamp(): number;
  /** Event timestamp of the right record in epoch ms. */
  getRightTimestamp(): number;
  /** The later of the two in epoch ms; results carry it. */
  getTimestamp(): number;
  /** Emits into a side output, with the timestamp of the pair. */
  output<X>(outputTag: OutputTag<X>, value: X): void;
}

/**
 * Called for each pair of an interval join: `a.keyBy(…).intervalJoin(b.keyBy(…)).between(…).process(…)`
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/dev/datastream/operators/joining/).
 */
export abstract class ProcessJoinFunction<IN1, IN2, OUT> extends AbstractRichFunction {
  /** Called for each pair within the interval; its results carry the later of both timestamps. */
  abstract processElement(left: IN1, right: IN2, ctx: ProcessJoinContext, out: Collector<OUT>): void;
}
