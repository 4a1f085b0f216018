import { AbstractRichFunction, type RichFunction } from "../../flow/rich-function.ts";

/**
 * What a condition can ask while it looks at an event (Flink: `IterativeCondition.Context`). The object is reused; do not keep it.
 * (Flink: docs/libs/cep)
 */
export interface IterativeConditionContext<T> {
  /** Events that this run has taken for a pattern so far, oldest first; empty when there are none. Costs a walk through the buffer. */
  getEventsForPattern(name: string): readonly T[];
  /** Timestamp of the event in epoch milliseconds; in processing time, the time at which it came. */
  timestamp(): number;
  /** Current processing time in epoch milliseconds. */
  currentProcessingTime(): number;
}

/**
 * A condition that may look at the events matched earlier in the same run. It must not keep anything in fields: it is asked for many runs
 * and keys in turn. (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/libs/cep/#iterative-conditions)
 */
export abstract class IterativeCondition<T> {
  /** Whether the event may be taken by the pattern. */
  abstract filter(value: T, ctx: IterativeConditionContext<T>): boolean;
}

/** A condition on the event alone. `where` takes a plain function just as well. (Flink: docs/libs/cep) */
export abstract class SimpleCondition<T> extends IterativeCondition<T> {
  abstract override filter(value: T): boolean;

  /** A condition of a function. */
  static of<T>(filter: (value: T) => boolean): SimpleCondition<T> {
    return new FunctionCondition(filter);
  }
}

class FunctionCondition<T> extends SimpleCondition<T> {
  readonly filter: (value: T) => boolean;

  constructor(filter: (value: T) => boolean) {
    super();
    this.filter = filter;
  }
}

/** An iterative condition with `open`, `close` and a runtime context. State cannot be had from it. (Flink: docs/libs/cep) */
export abstract class RichIterativeCondition<T> extends AbstractRichFunction implements IterativeCondition<T> {
  abstract filter(value: T, ctx: IterativeConditionContext<T>): boolean;
}

/** A condition as the automaton asks it; also what SQL compiles its `DEFINE` clause to. */
export type EventCondition = (event: unknown, ctx: IterativeConditionContext<unknown>) => boolean;

/** A condition with the rich functions in it, which want to be opened and closed. */
export interface StageCondition {
  readonly test: EventCondition;
  readonly functions: readonly RichFunction[];
}

/** Takes every event. */
export const ALWAYS: EventCondition = () => true;

export function and(left: EventCondition, right: EventCondition): EventCondition {
  if (left === ALWAYS) return right;
  return (event, ctx) => left(event, ctx) && right(event, ctx);
}

export function or(left: EventCondition, right: EventCondition): EventCondition {
  return (event, ctx) => left(event, ctx) || right(event, ctx);
}

export function not(condition: EventCondition): EventCondition {
  return (event, ctx) => !condition(event, ctx);
}
