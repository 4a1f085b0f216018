import type { EventOrder } from "../../operators/cep/cep-operator.ts";
import { DataStream } from "../streams.ts";
import { requireFunction } from "../user-functions.ts";
import { refusal } from "./refusal.ts";
import { Pattern } from "./pattern.ts";
import { PatternStream } from "./pattern-stream.ts";

/** Orders events of one timestamp: negative, zero or positive, as for `Array.sort`. (Flink: docs/libs/cep) */
export interface EventComparator<T> {
  /** Negative when `left` comes first, positive when `right` does, 0 when they stay in the order in which they came. */
  compare(left: T, right: T): number;
}
/** A comparator, or just `(left, right) => …`. (Flink: docs/libs/cep) */
export type EventComparatorLike<T> = EventComparator<T> | ((left: T, right: T) => number);

/**
 * Finds patterns in streams. (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/libs/cep/)
 *
 * ```ts
 * const alerts = CEP.pattern(logins.keyBy((login) => login.user), pattern).select((match) => match.get("success")![0].user);
 * ```
 */
export class CEP {
  /**
   * The matches of a pattern: per key on a keyed stream, else over the whole stream in one subtask. In event time unless told otherwise.
   * @param comparator order of events with the same timestamp; default: as they came.
   */
  static pattern<T, F extends T>(input: DataStream<T>, pattern: Pattern<T, F>, comparator?: EventComparatorLike<T>): PatternStream<T> {
    if (!(input instanceof DataStream)) throw refusal("CEP_NOT_A_STREAM", "CEP.pattern needs a stream as its first argument.", input);
    if (!(pattern instanceof Pattern)) {
      throw refusal("CEP_NOT_A_PATTERN", "CEP.pattern needs a pattern as its second argument.", pattern);
    }
    if (comparator !== undefined) requireFunction(comparator, "CEP.pattern", "compare");
    return new PatternStream<T>(input, pattern.stage, {
      isProcessingTime: false,
      comparator: comparator === undefined ? null : eventOrder(comparator),
      lateDataOutputTag: null,
    });
  }
}

function eventOrder<T>(comparator: EventComparatorLike<T>): EventOrder {
  const compare = typeof comparator === "function" ? comparator : (left: T, right: T) => comparator.compare(left, right);
  return (left, right) => compare(left as T, right as T);
}
